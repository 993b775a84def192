package io.lvs4j.keepalived;

import io.lvs4j.ServerKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes notify scripts. */
final class NotifyWriter {
    private NotifyWriter() {}

    static void service(ConfiguredService service, BlockWriter block) {
        service.quorumUp().ifPresent(script -> write("quorum_up", script, block));
        service.quorumDown().ifPresent(script -> write("quorum_down", script, block));
    }

    static void server(ConfiguredService service, ServerKey server, BlockWriter block) {
        write("notify_up", service.notifyUp().get(server), block);
        write("notify_down", service.notifyDown().get(server), block);
    }

    private static void write(String keyword, @Nullable Script script, BlockWriter block) {
        if (script == null) {
            return;
        }
        List<String> words = new ArrayList<>();
        script.user().ifPresent(words::add);
        script.group().ifPresent(words::add);
        block.program(keyword, script.command(), words);
    }

    static boolean isSame(ConfiguredService one, ConfiguredService other) {
        return all(one).equals(all(other));
    }

    static String text(ConfiguredService service) {
        Map<String, List<Object>> scripts = all(service);
        return scripts.isEmpty() ? "" : " " + scripts;
    }

    /** Returns the scripts without their positions. */
    private static Map<String, List<Object>> all(ConfiguredService service) {
        Map<String, List<Object>> all = new TreeMap<>();
        add("quorum_up", service.quorumUp(), all);
        add("quorum_down", service.quorumDown(), all);
        service.notifyUp().forEach((server, script) -> add("notify_up " + server, Optional.of(script), all));
        service.notifyDown().forEach((server, script) -> add("notify_down " + server, Optional.of(script), all));
        return all;
    }

    private static void add(String what, Optional<Script> script, Map<String, List<Object>> all) {
        script.ifPresent(each -> all.put(what, List.of(each.command(), each.user(), each.group())));
    }
}
