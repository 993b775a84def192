package io.lvs4j.scheduler;

import io.lvs4j.RealServer;
import java.util.List;
import java.util.stream.IntStream;

/** Makes lists of destinations outside of any service. */
final class Destinations {
    private Destinations() {}

    /** Destinations with these weights; the list is in this order. */
    static List<Destination> of(List<Integer> weights) {
        return Destination.of(IntStream.range(0, weights.size())
                .mapToObj(i -> RealServer.builder("10.9." + i / 250 + "." + (i % 250 + 1), 8000)
                        .weight(weights.get(i))
                        .build())
                .toList());
    }

    static List<Destination> of(Integer... weights) {
        return of(List.of(weights));
    }

    /** Settings for one of them: weight 1, at most so many connections. */
    static RealServer limited(int upperThreshold) {
        return RealServer.builder("10.9.0.1", 8000)
                .weight(1)
                .upperThreshold(upperThreshold)
                .build();
    }
}
