"""Results as a table and as JSON."""

import json
from collections import defaultdict
from statistics import median

MORE_IS_BETTER = ("/s", "GB/s", "pkt/s")


class Results:
    """The figures of each contender, by key ("rps64 p99us") and round."""

    def __init__(self):
        self._values = defaultdict(lambda: defaultdict(dict))
        self.failures = 0

    def add(self, contender, key, round_, value):
        self._values[key][contender][round_] = value

    def add_failure(self, contender, metric, round_):
        self.failures += 1
        self.add(contender, f"{metric} fail", round_, 1)

    def empty(self):
        return not self._values

    def print_table(self, contenders):
        """Prints a paragraph per key, processor time first; ratios are to the first contender that has the figure."""
        print("median  [least - most]  xR: the median of the ratios, round by round, to the first: the figure to read")
        for key in sorted(self._values, key=_rank):
            if not _is_silence(key, self._values[key]):
                _print_key(key, self._values[key], contenders)

    def write_json(self, file, contenders):
        """Writes {contender: {key: [value per round, or null]}}."""
        with open(file, "w") as out:
            json.dump({name: self._of(name) for name in contenders}, out, indent=1)
            out.write("\n")

    def _of(self, contender):
        return {key: _by_round(rows[contender]) for key, rows in self._values.items() if contender in rows}


def paired_ratio(values, reference):
    """Returns the median of the ratios of rounds that both have, or None where there is none."""
    ratios = [values[r] / reference[r] for r in values if reference.get(r)]
    return median(ratios) if ratios else None


def _by_round(values):
    return [values.get(r) for r in range(max(values) + 1)]


def _rank(key):
    """Processor time first, then the machine's; sorting keeps the order of the metrics otherwise."""
    figure = key.split()[1]
    return 0 if figure.startswith("CPUs") else 1 if figure.startswith("sysCPUs") else 2


def _is_silence(key, rows):
    return key.endswith(" errors") and not any(any(values.values()) for values in rows.values())


def _print_key(key, rows, contenders):
    better = "more" if key.split()[1] in MORE_IS_BETTER else "less"
    print(f"\n{key}  ({better} is better)")
    present = [name for name in contenders if name in rows]
    for name in present:
        print(_row(name, rows[name], rows[present[0]]))


def _row(name, values, reference):
    ratio = paired_ratio(values, reference)
    least, most = min(values.values()), max(values.values())
    row = f"  {name:18s} {_number(median(values.values())):>9s}  [{_number(least)} - {_number(most)}]"
    return row if ratio is None else f"{row}  x{ratio:.2f}"


def _number(value):
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.1f}" if abs(value) >= 100 else f"{value:.3g}"
