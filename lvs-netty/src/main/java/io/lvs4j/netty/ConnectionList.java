package io.lvs4j.netty;

import io.lvs4j.ConnectionEntries;
import io.lvs4j.ConnectionEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What event loops carry, gathered one loop after the other. A loop looks at all that it has once, which costs it no more than its
 * timer does four times a second, and remembers whom to list; these become entries a few at a time, with room for others' events
 * between. Used by one thread, never an event loop.
 */
final class ConnectionList {
    private static final int AT_A_TIME = 256;

    private final Loops loops;
    private final int most;
    private final List<ConnectionEntry> entries = new ArrayList<>();
    private int more;

    ConnectionList(Loops loops, int most) {
        this.loops = loops;
        this.most = most;
    }

    /**
     * Adds what one loop has.
     *
     * @param all lets somebody see all there are; on the loop, as is the rest
     * @param listed whether one is to be listed
     * @param entry makes its entry; null if it has ended by then
     */
    <T> void add(
            Loop loop, Consumer<Consumer<T>> all, Predicate<T> listed, Function<T, @Nullable ConnectionEntry> entry) {
        int room = most - entries.size();
        List<T> chosen = new ArrayList<>();
        int[] left = {0};
        loops.on(
                loop,
                () -> all.accept(each -> {
                    if (listed.test(each)) {
                        if (chosen.size() < room) {
                            chosen.add(each);
                        } else {
                            left[0]++;
                        }
                    }
                }));
        more += left[0];
        for (int from = 0; from < chosen.size(); from += AT_A_TIME) {
            List<T> some = chosen.subList(from, Math.min(from + AT_A_TIME, chosen.size()));
            loops.on(
                    loop,
                    () -> some.forEach(each -> {
                        ConnectionEntry made = entry.apply(each);
                        if (made != null) {
                            entries.add(made);
                        }
                    }));
        }
    }

    ConnectionEntries entries() {
        return new ConnectionEntries(entries, more);
    }
}
