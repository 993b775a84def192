package io.lvs4j;

import java.util.Collection;
import java.util.OptionalInt;
import java.util.function.Predicate;

/** Which priority's turn it is: the first of which a server is up and has weight, or else the first of which one is open. */
final class Tiers {
    private Tiers() {}

    /** Returns the last priority that serves; if nobody can, nobody stands by either. */
    static int serving(Collection<Standing> standings) {
        OptionalInt up = first(standings, standing -> standing.weightUp() > 0);
        return up.isPresent()
                ? up.getAsInt()
                : first(standings, standing -> standing.open && standing.fullWeight() > 0)
                        .orElse(Integer.MAX_VALUE);
    }

    private static OptionalInt first(Collection<Standing> standings, Predicate<Standing> can) {
        return standings.stream()
                .filter(can)
                .mapToInt(standing -> standing.server.priority())
                .min();
    }
}
