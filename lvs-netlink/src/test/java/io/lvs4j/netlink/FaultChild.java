package io.lvs4j.netlink;

import io.lvs4j.Director;
import io.lvs4j.LvsException;
import io.lvs4j.VirtualService;
import io.lvs4j.testkit.ManualTime;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A process whose system calls fail: a director that changes a table many times, each time until it succeeds. It writes the
 * errors that it meets, and at its end how the table should be.
 */
final class FaultChild {
    static final int GAVE_UP = 3;

    private static final int CHANGES = 24;
    private static final int ATTEMPTS = 10;

    private FaultChild() {}

    /** Wants nothing; the table is that of its network namespace. */
    public static void main(String[] args) {
        Director director = CrashScene.director(Ipvs::open, new ManualTime());
        for (int change = 0; change < CHANGES; change++) {
            int attempts = 0;
            while (!applied(director, change)) {
                if (++attempts == ATTEMPTS) {
                    System.out.println("gave up");
                    Runtime.getRuntime().halt(GAVE_UP);
                }
            }
        }
        Runtime.getRuntime().halt(0);
    }

    private static boolean applied(Director director, int change) {
        try {
            director.apply(table(change));
            return true;
        } catch (LvsException e) {
            System.out.println("error: " + e.getMessage());
            return false;
        }
    }

    private static List<VirtualService> table(int change) {
        VirtualService.Builder stays =
                VirtualService.builder().listen("10.8.0.1", 80).scheduler(change % 2 == 0 ? "rr" : "wlc");
        IntStream.rangeClosed(1, 1 + change % 3).forEach(i -> stays.realServer("10.8.1." + i, 80));
        VirtualService comesAndGoes = VirtualService.builder()
                .listen("10.8.0." + (2 + change % 2), 80)
                .scheduler("rr")
                .realServer("10.8.1.9", 80)
                .build();
        return List.of(stays.build(), comesAndGoes);
    }
}
