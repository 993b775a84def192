package io.lvs4j.keepalived;

import io.lvs4j.AddressFamily;
import io.lvs4j.keepalived.syntax.Position;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A {@code virtual_server_group}, as it is read. Not thread-safe. */
final class GroupDraft {
    final String name;
    final Position at;
    final List<Range> ranges = new ArrayList<>();
    final Map<Integer, List<Range>> byPort = new TreeMap<>();
    final List<Mark> marks = new ArrayList<>();
    private final Set<AddressFamily> families = EnumSet.noneOf(AddressFamily.class);
    /** Whether it has errors, so that services that name it are none. */
    boolean faulty;

    GroupDraft(String name, Position at) {
        this.name = name;
        this.at = at;
    }

    /**
     * Addresses in a row.
     *
     * @param port 0 = all ports
     */
    record Range(InetAddress first, InetAddress last, int port) {}

    /**
     * A firewall mark.
     *
     * @param family null = it does not say
     */
    record Mark(long mark, @Nullable AddressFamily family) {}

    void add(Range range) {
        ranges.add(range);
        byPort.computeIfAbsent(range.port(), port -> new ArrayList<>(1)).add(range);
        families.add(AddressFamily.of(range.first()));
    }

    void add(Mark mark) {
        marks.add(mark);
        if (mark.family() != null) {
            families.add(mark.family());
        }
    }

    boolean has(AddressFamily family) {
        return families.contains(family);
    }

    /** {@return whether there are addresses at another port} */
    boolean hasOtherThan(int port) {
        return byPort.size() > (byPort.containsKey(port) ? 1 : 0);
    }
}
