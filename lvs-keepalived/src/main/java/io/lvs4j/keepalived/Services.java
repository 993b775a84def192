package io.lvs4j.keepalived;

import io.lvs4j.AddressFamily;
import io.lvs4j.ListenAddress;
import io.lvs4j.VirtualService;
import io.lvs4j.keepalived.GroupDraft.Mark;
import io.lvs4j.keepalived.GroupDraft.Range;
import io.lvs4j.keepalived.syntax.Diagnostic;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes services of virtual servers. One at an address or of a firewall mark is a service. One of a group is a service that listens on all
 * addresses of the group, and one for each firewall mark; if a server has the port of the service, one for each port.
 */
final class Services {
    /** So many addresses may a service listen on, and so many all together; what goes beyond is not carried out. */
    private static final int MOST_ADDRESSES = 1024;

    private static final int MOST_ADDRESSES_OF_ALL = 16_384;

    /** So many services, servers and checks are made: a group's marks and ports multiply those that are written. */
    private static final int MOST_PARTS = 200_000;
    /** A service counts as so many. */
    private static final int SERVICE = 5;

    private static final int COMPARED = 128;
    /** So many groups are named where one is missing. */
    private static final int NAMED = 8;

    private final ConfigDraft config;
    /** The lines with an error, by file. */
    private final Map<String, TreeSet<Integer>> faults = new HashMap<>();

    private final Reading reading;
    private final List<ConfiguredService> services = new ArrayList<>();
    private int addresses;
    private long parts;

    private Services(ConfigDraft config, List<Diagnostic> syntax, Reading reading) {
        this.config = config;
        for (Diagnostic each : syntax) {
            if (each.severity() == Diagnostic.Severity.ERROR) {
                faults.computeIfAbsent(each.at().file(), file -> new TreeSet<>())
                        .add(each.at().line());
            }
        }
        this.reading = reading;
    }

    /**
     * {@return the services without an error}
     *
     * @param syntax what is wrong with the text
     */
    static List<ConfiguredService> of(ConfigDraft config, List<Diagnostic> syntax, Reading reading) {
        Services made = new Services(config, syntax, reading);
        config.virtualServers.forEach(made::add);
        return made.services;
    }

    private void add(VirtualServerDraft vs) {
        int before = reading.errors();
        GroupDraft group = null;
        if (vs.group != null) {
            group = config.groups.get(vs.group.text());
            if (group == null) {
                reading.error(
                        "unknown-name",
                        vs.group.at(),
                        vs.name() + ": there is no such virtual_server_group (expected: one of " + groups() + ")");
                return;
            }
        }
        VirtualServerRules.apply(vs, group, reading);
        TrackedNames.find(vs, config, reading);
        boolean faulty = vs.faulty || (group != null && group.faulty) || reading.errors() > before;
        if (faulty || isFaulty(vs)) {
            return;
        }
        AddressFamily family = vs.family == null ? AddressFamily.INET : vs.family;
        if (group != null) {
            listen(vs, group);
            for (Mark mark : group.marks) {
                mark(vs, mark, family);
            }
        } else if (vs.address != null) {
            listen(vs, List.of(new Range(vs.address, vs.address, vs.port)), vs.port);
        } else if (vs.firewallMark != null) {
            mark(vs, new Mark(vs.firewallMark, family), family);
        }
    }

    private String groups() {
        String names =
                config.groups.keySet().stream().limit(NAMED).map(Reading::shown).collect(Collectors.joining(", "));
        return config.groups.size() > NAMED ? names + ", ..." : names;
    }

    /** {@return whether there is an error in the text of a virtual server} */
    private boolean isFaulty(VirtualServerDraft vs) {
        Integer line = faults.getOrDefault(vs.at.file(), new TreeSet<>()).ceiling(vs.at.line());
        return line != null && line <= vs.end.line();
    }

    /** {@return whether a service may be made; otherwise that has been told} */
    private boolean hasRoom(VirtualServerDraft vs, int listening) {
        if (parts > MOST_PARTS) {
            return false;
        }
        // Each server is compared with each address, so that many addresses count, too.
        parts += SERVICE + vs.servers.size() * (1L + listening / COMPARED);
        for (ServerDraft server : vs.servers) {
            parts += server.checks.size();
        }
        if (parts > MOST_PARTS) {
            reading.error(
                    "too-large",
                    vs.at,
                    vs.name() + ": more than " + MOST_PARTS
                            + " services, servers and checks come of groups: the rest is left out");
        }
        return parts <= MOST_PARTS;
    }

    private void mark(VirtualServerDraft vs, Mark mark, AddressFamily family) {
        if (!hasRoom(vs, 0)) {
            return;
        }
        try {
            VirtualService.Builder service =
                    VirtualService.builder().firewallMark(mark.mark(), mark.family() == null ? family : mark.family());
            services.add(new ServiceMaker(vs, reading).make(service, 0));
        } catch (IllegalArgumentException e) {
            leftOut(vs, e);
        }
    }

    private void listen(VirtualServerDraft vs, GroupDraft group) {
        if (group.ranges.isEmpty()) {
            return;
        }
        boolean apart = vs.servers.stream().anyMatch(server -> ServiceMaker.takesPortOfService(vs, server))
                || (vs.sorry != null && ServiceMaker.takesPortOfService(vs, vs.sorry));
        if (apart) {
            group.byPort.forEach((port, ranges) -> listen(vs, ranges, port));
        } else {
            listen(vs, group.ranges, -1);
        }
    }

    private void listen(VirtualServerDraft vs, List<Range> ranges, int port) {
        try {
            Set<ListenAddress> all = new LinkedHashSet<>();
            for (Range range : ranges) {
                expand(range, all);
            }
            if (!hasRoom(vs, all.size())) {
                return;
            }
            VirtualService.Builder service = VirtualService.builder();
            all.forEach(service::listen);
            services.add(new ServiceMaker(vs, reading).make(service, port));
        } catch (IllegalArgumentException e) {
            leftOut(vs, e);
        }
    }

    private void expand(Range range, Set<ListenAddress> all) {
        if (range.port() == 0) {
            throw new IllegalArgumentException(
                    "port: none (expected: 1..65535; a service at all ports is one of a firewall mark)");
        }
        BigInteger first = GroupLines.number(range.first());
        BigInteger count = GroupLines.number(range.last()).subtract(first).add(BigInteger.ONE);
        int room = Math.min(MOST_ADDRESSES - all.size(), MOST_ADDRESSES_OF_ALL - addresses);
        if (count.compareTo(BigInteger.valueOf(room)) > 0) {
            throw new IllegalArgumentException("addresses: " + range.first().getHostAddress() + "-"
                    + range.last().getHostAddress() + " (expected: at most " + MOST_ADDRESSES + " in a group, and "
                    + MOST_ADDRESSES_OF_ALL + " in all)");
        }
        addresses += count.intValue();
        for (int i = 0; i < count.intValue(); i++) {
            InetAddress address = GroupLines.address(
                    first.add(BigInteger.valueOf(i)), range.first().getAddress().length);
            all.add(new ListenAddress(address, range.port(), range.port()));
        }
    }

    private void leftOut(VirtualServerDraft vs, IllegalArgumentException why) {
        @Nullable String message = why.getMessage();
        reading.leftOut(vs.at, vs.name() + " is left out: " + message);
    }
}
