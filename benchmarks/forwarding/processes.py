"""Processes: starting and ending them, where they run, and what they cost."""

import os
import re
import subprocess

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
SECONDS_TO_END = 5


class Processes:
    """Everything that was started and has not been ended."""

    def __init__(self):
        self._running = []

    def start(self, command, **options):
        """Starts a command out of reach of the terminal's Ctrl-C, and ends it should this program be killed."""
        process = subprocess.Popen(["setpriv", "--pdeathsig", "TERM", *command], start_new_session=True, **options)
        self._running.append(process)
        return process

    def run(self, command, timeout):
        """Runs a command to its end and returns (exit code, standard output, standard error)."""
        process = self.start(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            output, error = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            return None, "", f"no end after {timeout:.0f} s"
        finally:
            self.stop(process)
        return process.returncode, output, error

    def stop(self, process):
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(SECONDS_TO_END)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if process in self._running:
            self._running.remove(process)

    def stop_all(self):
        for process in self._running:
            process.terminate()
        for process in list(self._running):
            self.stop(process)


class Placement:
    """Who runs on which processor, and with how many threads."""

    def __init__(self, pin, threads):
        processors = sorted(os.sched_getaffinity(0))
        self.split = pin == "split" and len(processors) > 1
        self.workers = 1 if self.split else 2
        self.threads = threads or self.workers
        self._forwarder, self._traffic = processors[0], processors[-1]

    def forwarder(self, command):
        return self._on(self._forwarder, command)

    def traffic(self, command):
        """The load generator or the backend: these share a processor."""
        return self._on(self._traffic, command)

    def _on(self, processor, command):
        return ["taskset", "-c", str(processor), *command] if self.split else command


def processor_seconds(pid):
    """User and system time of a process and its descendants."""
    return sum(_process_ticks(each) for each in _tree(pid)) / TICKS_PER_SECOND


def machine_processor_seconds():
    """What all processors have done, whoever asked for it: user to steal, without idle and iowait."""
    with open("/proc/stat") as stat:
        user, nice, system, _idle, _iowait, irq, softirq, steal = map(int, stat.readline().split()[1:9])
    return (user + nice + system + irq + softirq + steal) / TICKS_PER_SECOND


def private_mib(pid):
    """Resident memory of a process and its descendants, without the files that it may share with others."""
    return sum(_private_kib(each) for each in _tree(pid)) / 1024


def _process_ticks(pid):
    fields = _read(f"/proc/{pid}/stat").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12]) if fields else 0


def _private_kib(pid):
    kib = dict(re.findall(r"(\w+):\s+(\d+) kB", _read(f"/proc/{pid}/smaps_rollup")))
    return int(kib.get("Rss", 0)) - int(kib.get("Shared_Clean", 0))


def _tree(pid):
    found, waiting = [], [pid]
    while waiting:
        each = waiting.pop()
        found.append(each)
        for thread in _threads(each):
            waiting += map(int, _read(f"/proc/{each}/task/{thread}/children").split())
    return found


def _threads(pid):
    try:
        return os.listdir(f"/proc/{pid}/task")
    except OSError:
        return []


def _read(path):
    """Returns the file's text, or none if its process has just ended."""
    try:
        with open(path) as file:
            return file.read()
    except OSError:
        return ""
