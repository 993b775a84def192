package io.lvs4j.benchmarks;

import io.lvs4j.RealServer;
import java.util.List;
import java.util.stream.IntStream;

/** The real servers of all benchmarks. */
final class Servers {
    private Servers() {}

    /** Weights 1 to 8 in turn. */
    static List<RealServer> mixed(int n) {
        return IntStream.range(0, n).mapToObj(i -> server(i, mixedWeight(i))).toList();
    }

    /** The first with weight 1000, the others with weight 1. */
    static List<RealServer> skewed(int n) {
        return IntStream.range(0, n).mapToObj(i -> server(i, i == 0 ? 1000 : 1)).toList();
    }

    static int mixedWeight(int i) {
        return 1 + i % 8;
    }

    static RealServer server(int i, int weight) {
        return RealServer.builder("10.9." + i / 250 + "." + (1 + i % 250), 8000)
                .weight(weight)
                .build();
    }
}
