package io.lvs4j.vrrp;

import io.lvs4j.AddressFamily;
import io.lvs4j.AddressPrefix;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A rule that chooses a routing table, which a host has while it is the master of a virtual router.
 *
 * @param words what its user says, as of {@code ip rule add}; settings that have no part here are in them
 * @param family of which packets
 * @param from the network that packets come from; empty = any
 * @param to the network that they go to; empty = any
 * @param inputDevice the interface that they come in by; empty = any
 * @param outputDevice the interface that sockets are bound to; empty = any
 * @param mark the firewall mark, 0..4294967295; empty = any
 * @param table the number of the table, 0..4294967295; empty = the words say what is done instead
 * @param priority the lower, the earlier, 0..4294967295; empty = 16384 for the router's first such rule of this family, and one less for each
 *     further one
 * @param tracked whether keepalived stops being master when somebody removes it; here it is put back
 * @param trackGroup a static rule's group of routers; empty = none
 */
public record VirtualRule(
        List<String> words,
        AddressFamily family,
        Optional<AddressPrefix> from,
        Optional<AddressPrefix> to,
        Optional<String> inputDevice,
        Optional<String> outputDevice,
        OptionalLong mark,
        OptionalLong table,
        OptionalLong priority,
        boolean tracked,
        Optional<String> trackGroup) {

    /** Checks all parts. */
    public VirtualRule {
        words = List.copyOf(words);
        if (words.isEmpty()) {
            throw new IllegalArgumentException("rule: no words (expected: such as from 10.0.0.0/8 table 1)");
        }
        Objects.requireNonNull(family, "family");
        from.ifPresent(network -> RouteParts.requireFamily("from", network.address(), family));
        to.ifPresent(network -> RouteParts.requireFamily("to", network.address(), family));
        inputDevice.ifPresent(name -> InterfaceName.require("inputDevice", name));
        outputDevice.ifPresent(name -> InterfaceName.require("outputDevice", name));
        mark.ifPresent(number -> RouteParts.requireUnsigned("mark", number));
        table.ifPresent(number -> RouteParts.requireUnsigned("table", number));
        priority.ifPresent(number -> RouteParts.requireUnsigned("priority", number));
        Objects.requireNonNull(trackGroup, "trackGroup");
    }

    /** {@return what its user says} */
    @Override
    public String toString() {
        return String.join(" ", words);
    }
}
