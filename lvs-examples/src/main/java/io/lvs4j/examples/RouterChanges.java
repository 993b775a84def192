package io.lvs4j.examples;

import io.lvs4j.vrrp.SyncGroup;
import io.lvs4j.vrrp.VirtualRouter;
import io.lvs4j.vrrp.VirtualRouters;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What makes other virtual routers of those that there are, as lines for an operator. */
final class RouterChanges {
    private RouterChanges() {}

    static List<String> between(VirtualRouters before, VirtualRouters after) {
        List<String> lines = new ArrayList<>();
        add(lines, "virtual router", before.routers(), after.routers(), VirtualRouter::name, VirtualRouter::toString);
        add(
                lines,
                "sync group",
                before.groups(),
                after.groups(),
                SyncGroup::name,
                each -> each.name() + " " + each.routers());
        if (lines.isEmpty() && !before.equals(after)) {
            lines.add("~ what virtual routers track");
        }
        return lines;
    }

    private static <T> void add(
            List<String> lines,
            String kind,
            Collection<T> before,
            Collection<T> after,
            Function<T, String> name,
            Function<T, String> text) {
        Map<String, T> old = byName(before, name);
        Map<String, T> wanted = byName(after, name);
        old.keySet().stream()
                .filter(each -> !wanted.containsKey(each))
                .forEach(each -> lines.add("- " + kind + " " + each));
        wanted.forEach((each, it) -> {
            if (!it.equals(old.get(each))) {
                lines.add((old.containsKey(each) ? "~ " : "+ ") + kind + " " + text.apply(it));
            }
        });
    }

    private static <T> Map<String, T> byName(Collection<T> all, Function<T, String> name) {
        return all.stream()
                .collect(Collectors.toMap(name, Objects::requireNonNull, (one, other) -> one, LinkedHashMap::new));
    }
}
