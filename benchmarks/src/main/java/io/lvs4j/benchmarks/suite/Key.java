package io.lvs4j.benchmarks.suite;

/**
 * Names what was measured.
 *
 * @param row for example {@code rr.pick} or {@code F1}
 * @param n the number of servers; 0 = the row does not depend on it
 * @param threads how many threads shared it
 */
record Key(String row, int n, int threads) {
    Key withoutServers() {
        return new Key(row, 0, threads);
    }

    @Override
    public String toString() {
        return row + (n == 0 ? "" : " n=" + n) + " " + threads + "t";
    }
}
