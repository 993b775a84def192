package io.lvs4j.vrrp;

import io.lvs4j.LvsException;
import io.lvs4j.netlink.route.Ipv4Setting;
import io.lvs4j.netlink.route.RouteNetlink;
import java.util.HashMap;
import java.util.Map;

/**
 * Interfaces below virtual ones, which answer ARP requests for their own addresses alone, or both would be found under one address. Each gets its
 * settings back when the last virtual interface on it has gone. Not thread-safe.
 */
final class QuietInterfaces {
    private static final Map<Ipv4Setting, Integer> QUIET = Map.of(Ipv4Setting.ARP_IGNORE, 1, Ipv4Setting.ARP_FILTER, 1);

    private final RouteNetlink kernel;
    private final Map<Integer, Below> all = new HashMap<>();

    /** How an interface was, and how many are on it. */
    private record Below(Map<Ipv4Setting, Integer> before, int users) {}

    QuietInterfaces(RouteNetlink kernel) {
        this.kernel = kernel;
    }

    /**
     * Has one more virtual interface be on one.
     *
     * @param index that one's number
     * @throws LvsException if it cannot be set
     */
    void begin(int index) {
        Below there = all.get(index);
        if (there == null) {
            Map<Ipv4Setting, Integer> before = new HashMap<>();
            QUIET.keySet().forEach(each -> before.put(each, kernel.setting(index, each)));
            there = new Below(before, 0);
        }
        kernel.settings(index, QUIET);
        all.put(index, new Below(there.before(), there.users() + 1));
    }

    /**
     * Has one virtual interface less be on one.
     *
     * @param index that one's number; nothing is done if it is gone
     */
    void end(int index) {
        Below there = all.remove(index);
        if (there == null) {
            return;
        }
        if (there.users() > 1) {
            all.put(index, new Below(there.before(), there.users() - 1));
        } else if (kernel.link(index).isPresent()) {
            kernel.settings(index, there.before());
        }
    }
}
