package io.lvs4j.keepalived;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whom a router or group tells of its state, as it is read. Not thread-safe. */
final class NotifyDraft {
    final Map<RouterEvent, Script> scripts = new EnumMap<>(RouterEvent.class);

    @Nullable
    Boolean priorityChanges;

    /** Adds a keyword for a script. */
    static <T> void script(
            Keywords.Builder<T> table, java.util.function.Function<T, NotifyDraft> draft, RouterEvent... events) {
        for (RouterEvent event : events) {
            int least = event == RouterEvent.DELETED ? 0 : 1;
            table.words(event.keyword(), least, Integer.MAX_VALUE, (into, arguments) -> {
                        if (arguments.count() > 0) {
                            Script.read(arguments)
                                    .ifPresent(
                                            script -> draft.apply(into).scripts.put(event, script));
                        }
                    })
                    .once();
        }
    }

    RouterScripts scripts(boolean byDefault) {
        return new RouterScripts(scripts, priorityChanges == null ? byDefault : priorityChanges);
    }
}
