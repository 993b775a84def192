#!/usr/bin/env python3
"""Compares layer-4 forwarders side by side on loopback; README.md says what the figures mean."""

import argparse
import ctypes
import glob
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

from loads import LoadFailed, Metric, Traffic, Wrk
from processes import Placement, Processes, machine_processor_seconds, private_mib, processor_seconds
from report import Results

HERE = os.path.dirname(os.path.abspath(__file__))
BACKENDS = ["127.0.0.1:9001", "127.0.0.1:9002"]
FIRST_PORT = 9100
CLIENT_PORTS = "10100 65500"
OPEN_FILES = 65536
SECONDS_TO_LISTEN = 20
SECONDS_TO_SETTLE = 1.0  # before memory is read
CLONE_NEWNET = 0x40000000

CONTENDERS = ["haproxy", "haproxy-spliceall", "nginx", "lvs4j"]
QUICK_METRICS = "rps64,cps32,bulk4,up4,udp16"
FULL_METRICS = "rps64,rps512,cps32,bulk4,up4,udp16,mem"
PRESETS = {
    "default": {"rounds": 3, "sec": 2.0, "warm": 4.0, "metrics": FULL_METRICS},
    "quick": {"rounds": 3, "sec": 1.0, "warm": 4.0, "metrics": QUICK_METRICS},
    "full": {"rounds": 7, "sec": 2.0, "warm": 4.0, "metrics": FULL_METRICS},
    "smoke": {"rounds": 1, "sec": 0.3, "warm": 0.3, "metrics": QUICK_METRICS, "contenders": ["haproxy", "lvs4j"]},
}


class LeftOut(Exception):
    """A contender cannot take part; the text says why."""


class Contender:
    """A forwarder under test, or none ("direct"): the client speaks to the first backend itself."""

    def __init__(self, name, port, lab):
        self.direct = name == "direct"
        self.name = os.path.basename(name).removesuffix(".sh")
        self.address = BACKENDS[0] if self.direct else f"127.0.0.1:{port}"
        self._script = os.path.abspath(name) if "/" in name else f"{HERE}/contenders/{name}.sh"
        self._lab = lab
        self._log = f"{lab.folder}/{self.name}.log"
        self._process = None
        self.capabilities = ["tcp", "udp"] if self.direct else self._ask_capabilities()

    @property
    def pid(self):
        return self._process.pid if self._process else None

    def can(self, metric):
        if metric.mode == "mem":
            return not self.direct
        return metric.mode != "udp" or "udp" in self.capabilities

    def start(self):
        if self.direct:
            return
        folder = tempfile.mkdtemp(dir=self._lab.folder)
        os.chmod(folder, 0o777)  # for forwarders that give root up
        threads = str(self._lab.placement.threads)
        settings = {"LISTEN": self.address, "BACKENDS": " ".join(BACKENDS), "THREADS": threads, "DIR": folder}
        command = self._lab.placement.forwarder([self._script, "run"])
        with open(self._log, "w") as log:
            self._process = self._lab.processes.start(command, env=os.environ | settings, stdout=log, stderr=log)
        if not self._listens():
            self.stop()
            raise LeftOut(f"it does not listen at {self.address}; it said: {self._last_words()}")

    def stop(self):
        if self._process:
            self._lab.processes.stop(self._process)
            self._process = None

    def _ask_capabilities(self):
        try:
            asked = subprocess.run([self._script, "caps"], capture_output=True, text=True)
        except OSError as e:
            raise LeftOut(f"{self._script}: {e.strerror}") from e
        if asked.returncode != 0:
            raise LeftOut(asked.stderr.strip())
        return asked.stdout.split()

    def _listens(self):
        host, port = self.address.split(":")
        end = time.monotonic() + SECONDS_TO_LISTEN
        while time.monotonic() < end and self._process.poll() is None:
            try:
                socket.create_connection((host, int(port)), 0.3).close()
                return True
            except OSError:
                time.sleep(0.1)
        return False

    def _last_words(self):
        with open(self._log, errors="replace") as log:
            lines = log.read().split("\n")
        return " | ".join(line for line in lines if line)[-500:] or "nothing"


class Lab:
    """A network namespace with backends, a generator and a folder for what the contenders write."""

    def __init__(self, options):
        self.options = options
        self.folder = tempfile.mkdtemp(prefix="forwarding.")
        self.processes = Processes()
        self.placement = Placement(options.pin, options.threads)
        self.generator = None

    def open(self):
        enter_own_network()
        allow_many_files()
        if self.options.pin == "split" and not self.placement.split:
            note("one processor only: nothing is pinned")
        if self.options.gen == "wrk":
            self.generator = Wrk(self.processes, self.placement)
        else:
            self.generator = Traffic(build_traffic(self.folder), self.processes, self.placement)
        backend = self.generator.start_backend(BACKENDS, self.folder)
        time.sleep(0.3)
        if backend.poll() is not None:
            with open(f"{self.folder}/backend.log") as log:
                sys.exit(f"the backend does not run: {log.read().strip()}")

    def close(self, keep_folder):
        self.processes.stop_all()
        if keep_folder:
            note(f"what the contenders said is kept in {self.folder}")
        else:
            shutil.rmtree(self.folder, ignore_errors=True)


class Comparison:
    """Measures every contender by every metric, interleaved: all within one metric, then the next, round by round."""

    def __init__(self, options, lab, results):
        self._options, self._lab, self._results = options, lab, results
        self._metrics = []
        self.contenders = []

    def run(self):
        self._metrics = [metric for metric in self._options.metrics if metric.mode in self._lab.generator.modes]
        for number, name in enumerate(self._options.contenders):
            self._join(name, FIRST_PORT + number)
        if any(metric.mode == "mem" for metric in self._metrics):
            self._each(self._measure_memory)
        self._each(Contender.start)
        self._each(self._warm_up)
        for round_ in range(self._options.rounds if self.contenders else 0):
            self._round(round_)
            note(f"round {round_ + 1} of {self._options.rounds} done")

    def _join(self, name, port):
        try:
            self.contenders.append(Contender(name, port, self._lab))
        except LeftOut as e:
            note(f"{name}: left out: {e}")

    def _each(self, step):
        for contender in list(self.contenders):
            try:
                step(contender)
            except LeftOut as e:
                note(f"{contender.name}: left out: {e}")
                self.contenders.remove(contender)

    def _round(self, round_):
        shift = round_ % len(self.contenders)  # nobody is always first
        for metric in self._metrics:
            for contender in self.contenders[shift:] + self.contenders[:shift]:
                if metric.mode != "mem" and contender.can(metric):
                    self._measure(contender, metric, round_)

    def _warm_up(self, contender):
        """Compilers and caches get the larger part of a load's kinds before anything counts."""
        loads = {"rps64": 0.5, "cps64": 0.25, "bulk64": 0.25}
        if any(metric.mode == "udp" for metric in self._metrics):
            loads["udp16"] = 0.25
        for name, share in loads.items():
            metric = Metric.parse(name)
            seconds = self._options.warm * share
            if metric.mode in self._lab.generator.modes and contender.can(metric):
                self._load(contender, metric, seconds)

    def _load(self, contender, metric, seconds):
        """Returns the generator's result, or None."""
        try:
            return self._lab.generator.run(metric, contender.address, seconds)
        except LoadFailed as e:
            note(f"{contender.name}: {metric.name}: {e}")
            return None

    def _measure(self, contender, metric, round_):
        seconds = self._options.sec
        own, machine = processor_seconds(contender.pid) if contender.pid else 0, machine_processor_seconds()
        result = self._load(contender, metric, seconds)
        if result is None:
            self._results.add_failure(contender.name, metric.name, round_)
            return
        machine = machine_processor_seconds() - machine
        own = processor_seconds(contender.pid) - own if contender.pid else None
        for figure, value in metric.figures(result).items():
            self._results.add(contender.name, f"{metric.name} {figure}", round_, value)
        units = self._lab.generator.units(metric, result, seconds)
        if units > 0:
            self._add_cost(contender, metric, round_, own, machine, units)

    def _add_cost(self, contender, metric, round_, own, machine, units):
        if own is not None:
            self._results.add(contender.name, f"{metric.name} CPUs/{metric.unit}", round_, own / units)
        self._results.add(contender.name, f"{metric.name} sysCPUs/{metric.unit}", round_, machine / units)

    def _measure_memory(self, contender):
        for number, connections in enumerate(self._options.idle):
            if contender.direct:
                return
            contender.start()
            try:
                self._measure_idle(contender, number, connections)
            finally:
                contender.stop()

    def _measure_idle(self, contender, number, connections):
        time.sleep(SECONDS_TO_SETTLE)
        without = private_mib(contender.pid)
        command = self._lab.generator.idle_command(contender.address, connections)
        idle = self._lab.processes.start(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        ready = idle.stdout.readline().startswith("READY")
        time.sleep(SECONDS_TO_SETTLE)
        loaded = private_mib(contender.pid)
        self._lab.processes.stop(idle)
        if not ready:
            files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
            note(f"{contender.name}: mem: not all of {connections} connections came up; open files: at most {files}")
            self._results.add_failure(contender.name, "mem", number)
            return
        self._results.add(contender.name, "mem0 MiB", number, without)
        self._results.add(contender.name, f"mem{connections} MiB", 0, loaded)
        self._results.add(contender.name, f"mem{connections} B/conn", 0, (loaded - without) * 2**20 / connections)


def note(text):
    print(text, file=sys.stderr, flush=True)


def enter_own_network():
    """Moves this process into a new network namespace: own loopback, own ports, no firewall rules."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0:
        reason = os.strerror(ctypes.get_errno())
        sys.exit(f"a network namespace of its own: {reason} (expected: root, for example by sudo, with CAP_SYS_ADMIN)")
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    with open("/proc/sys/net/ipv4/ip_local_port_range", "w") as file:
        file.write(CLIENT_PORTS)


def allow_many_files():
    """Raises the limit of open files, which forwarders inherit: both limits, or the soft one to the hard one."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, max(OPEN_FILES, most)))
    except (ValueError, OSError):  # no CAP_SYS_RESOURCE
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(OPEN_FILES, most), most))


def build_traffic(folder):
    program = f"{folder}/traffic"
    built = subprocess.run(["gcc", "-O2", "-Wall", "-o", program, *glob.glob(f"{HERE}/traffic/*.c")])
    if built.returncode != 0:
        sys.exit("gcc could not build traffic/*.c, see above (Debian: gcc libc6-dev)")
    return program


def positive(kind):
    def parse(text):
        try:
            value = kind(text)
        except ValueError:
            value = 0
        if not 0 < value <= 100000:
            raise argparse.ArgumentTypeError(f"{text} (expected: a number above 0, up to 100000)")
        return value

    return parse


def listed(parse):
    def parse_list(text):
        try:
            return [parse(part) for part in text.split(",")]
        except ValueError as e:
            raise argparse.ArgumentTypeError(str(e)) from e

    return parse_list


def parse_options(arguments):
    preset = arguments[0] if arguments and arguments[0] in PRESETS else None
    parser = argparse.ArgumentParser(
        prog="benchmarks/forwarding/run",
        usage="%(prog)s [quick|full|smoke] [contender ...] [options]",
        description="Compares layer-4 forwarders on loopback. Needs root.",
    )
    parser.add_argument("contenders", nargs="*", help="direct, names in contenders/, or paths of scripts with a /")
    parser.add_argument("--rounds", type=positive(int), help="how often each metric is measured")
    parser.add_argument("--sec", type=positive(float), help="seconds of each measurement")
    parser.add_argument("--warm", type=positive(float), help="seconds of load on each contender before the first round")
    parser.add_argument("--metrics", type=listed(Metric.parse), help="rpsN,cpsN,bulkN,upN,udpN,mem")
    pin_help = "split (default): the forwarder on one processor, generator and backend on another"
    parser.add_argument("--pin", choices=["split", "none"], default="split", help=pin_help)
    parser.add_argument("--threads", type=positive(int), help="of the forwarder; 1 when pinned, else 2")
    parser.add_argument("--gen", choices=["traffic", "wrk"], default="traffic", help="wrk: HTTP, rps and cps only")
    parser.add_argument("--idle", type=listed(positive(int)), default="1000,9000", help="idle connections of mem")
    parser.add_argument("--out", help="also writes every figure to this file, as JSON")
    parser.set_defaults(**PRESETS[preset or "default"])
    options = parser.parse_args(arguments[1:] if preset else arguments)
    options.contenders = options.contenders or CONTENDERS
    return options


def interrupt(_signal, _frame):
    raise KeyboardInterrupt


def on_signals(handler):
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, handler)


def print_results(options, comparison, lab, results):
    names = [contender.name for contender in comparison.contenders]
    print(f"# rounds={options.rounds} sec={options.sec} pin={'split' if lab.placement.split else 'none'}"
          f" threads={lab.placement.threads} gen={options.gen}")
    results.print_table(names)
    if options.out:
        results.write_json(options.out, names)


def main(arguments):
    options = parse_options(arguments)
    on_signals(interrupt)
    lab = Lab(options)
    results = Results()
    comparison = Comparison(options, lab, results)
    status = 0
    try:
        lab.open()
        comparison.run()
    except KeyboardInterrupt:
        note("interrupted: what there is")
        status = 130
    finally:
        on_signals(signal.SIG_IGN)  # nothing that was started shall outlive us
        lab.close(keep_folder=results.failures > 0)
    if not comparison.contenders or results.empty():
        note("nothing was measured")
        return status or 1
    print_results(options, comparison, lab, results)
    return status or (1 if results.failures else 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
