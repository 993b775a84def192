package io.lvs4j;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Who serves although it failed: everybody in a panic, and otherwise those for whom there is no room below {@link
 * PoolRules#maxDepool}. Servers that operators or agents have out do not count, and those that have not been judged yet count as
 * up.
 *
 * @param panic whether so few are up that the checks are not believed
 * @param open who serves
 */
record FailOpen(boolean panic, Set<ServerKey> open) {

    static FailOpen of(Collection<Standing> standings, PoolRules rules) {
        List<Standing> counted =
                standings.stream().filter(standing -> !standing.takenOut()).toList();
        List<Standing> troubled = counted.stream().filter(Standing::troubled).toList();
        int up = counted.size() - troubled.size();
        if (up * 100L < (long) rules.panicThreshold() * counted.size()) {
            return new FailOpen(true, keys(troubled));
        }
        int room = counted.size() * rules.maxDepool() / 100;
        return new FailOpen(
                false,
                keys(troubled.stream()
                        .filter(standing -> standing.failure != 0)
                        .sorted(Comparator.comparingLong(standing -> standing.failure))
                        .skip(room)
                        .toList()));
    }

    private static Set<ServerKey> keys(List<Standing> standings) {
        Set<ServerKey> keys = new HashSet<>();
        standings.forEach(standing -> keys.add(standing.server.key()));
        return keys;
    }
}
