"""What is measured: the metrics, and the two generators that put their load on."""

import json
import re
from dataclasses import dataclass

DEFAULT_COUNT = 16
DATAGRAMS_UNDER_WAY = 8
WARM_UP = 0.3  # seconds before each measurement, for connections to come up
PATIENCE = 20  # seconds that a generator may take beyond its load

HTTP_BACKEND = """daemon off;
master_process on;
pid nginx.pid;
error_log error.log warn;
worker_processes {workers};
worker_rlimit_nofile 20000;
events {{ worker_connections 9000; multi_accept on; }}
http {{
    access_log off;
    keepalive_requests 100000000;
    server {{
        {listens}
        location / {{ default_type text/plain; return 200 "{body}"; }}
    }}
}}
"""


class LoadFailed(Exception):
    """A generator had no result; the text says why."""


@dataclass(frozen=True)
class Metric:
    """A kind of load and how many connections, streams or sockets carry it."""

    name: str
    mode: str
    count: int

    @staticmethod
    def parse(text):
        match = re.fullmatch(r"(rps|cps|bulk|up|udp|mem)(\d{0,4})", text)
        if not match or match[2] and int(match[2]) == 0:
            raise ValueError(f"metric: {text} (expected: rpsN, cpsN, bulkN, upN, udpN or mem, with N in 1..9999)")
        return Metric(text, match[1], int(match[2] or DEFAULT_COUNT))

    @property
    def streams(self):
        return self.mode in ("bulk", "up")

    @property
    def unit(self):
        """What processor time is divided by."""
        return "GB" if self.streams else "100k"

    def figures(self, result):
        """Returns the figures of one result, apart from what it cost, as (name, value)."""
        if self.streams:
            figures = {"GB/s": result["GBps"]}
        elif self.mode == "udp":
            figures = {"pkt/s": result["pps"], "loss%": result["loss"] * 100, "p99us": result["p99us"]}
        else:
            figures = {"/s": result["rate"], "p50us": result["p50us"], "p99us": result["p99us"]}
        return figures | {"errors": result.get("errors", 0)}


class Traffic:
    """The generator and backend in traffic/, which speak a protocol of their own."""

    modes = ("rps", "cps", "bulk", "up", "udp", "mem")

    def __init__(self, program, processes, placement):
        self._program, self._processes, self._placement = program, processes, placement

    def start_backend(self, addresses, folder):
        command = self._placement.traffic([self._program, "serve", *addresses])
        with open(f"{folder}/backend.log", "w") as log:
            return self._processes.start(command, stdout=log, stderr=log)

    def run(self, metric, address, seconds, warm_up=WARM_UP):
        command = [self._program, metric.mode, address, "-c", metric.count, "-t", seconds, "-w", warm_up]
        if metric.mode == "udp":
            command += ["-W", DATAGRAMS_UNDER_WAY]
        command = self._placement.traffic([str(word) for word in command])
        status, output, error = self._processes.run(command, seconds + warm_up + PATIENCE)
        if status != 0:
            raise LoadFailed(error.strip() or f"exit code {status}")
        result = json.loads(output)
        if result.get("errors") and not result["n"] and not result["GBps"]:
            raise LoadFailed(f"nothing came back; failed connections: {result['errors']}")
        return result

    def idle_command(self, address, count):
        return self._placement.traffic([self._program, "idle", address, "-c", str(count)])

    def units(self, metric, result, seconds):
        """How much was done while processor time was read, which is the warm-up, too; the load is even."""
        span = (seconds + WARM_UP) / seconds
        return result["GBps"] * seconds * span if metric.streams else result["n"] * span / 1e5


class Wrk:
    """wrk, and nginx as an HTTP backend: a load that others have written. Its cps is closed by the server."""

    modes = ("rps", "cps")

    def __init__(self, processes, placement):
        self._processes, self._placement = processes, placement

    def start_backend(self, addresses, folder):
        listens = " ".join(f"listen {address} backlog=4096;" for address in addresses)
        with open(f"{folder}/backend.conf", "w") as file:
            file.write(HTTP_BACKEND.format(workers=self._placement.workers, listens=listens, body="x" * 100))
        command = self._placement.traffic(["nginx", "-p", folder, "-c", f"{folder}/backend.conf"])
        with open(f"{folder}/backend.log", "w") as log:
            return self._processes.start(command, stdout=log, stderr=log)

    def run(self, metric, address, seconds, warm_up=0):
        seconds = max(1, round(seconds + warm_up))
        threads = min(metric.count, self._placement.workers)
        command = ["wrk", "-t", f"{threads}", "-c", f"{metric.count}", "-d", f"{seconds}s", "--latency"]
        if metric.mode == "cps":
            command += ["-H", "Connection: close"]
        command = self._placement.traffic([*command, f"http://{address}/"])
        status, output, error = self._processes.run(command, seconds + PATIENCE)
        if status != 0:
            raise LoadFailed(error.strip() or output.strip())
        return _parse_wrk(output)

    def units(self, metric, result, seconds):
        return result["n"] / 1e5


def _parse_wrk(output):
    rate = re.search(r"Requests/sec:\s+([\d.]+)", output)
    count = re.search(r"(\d+) requests in", output)
    if not rate or not count:
        raise LoadFailed(f"wrk said: {output.strip()}")
    errors = sum(map(int, re.findall(r"(?:connect|read|write|timeout) (\d+)", output)))
    return {
        "rate": float(rate[1]),
        "n": int(count[1]),
        "p50us": _wrk_micros(output, "50%"),
        "p99us": _wrk_micros(output, "99%"),
        "errors": errors,
    }


def _wrk_micros(output, percentile):
    found = re.search(re.escape(percentile) + r"\s+([\d.]+)(us|ms|s)", output)
    return float(found[1]) * {"us": 1, "ms": 1e3, "s": 1e6}[found[2]] if found else 0
