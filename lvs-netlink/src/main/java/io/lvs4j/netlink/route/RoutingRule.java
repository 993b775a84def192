package io.lvs4j.netlink.route;

import io.lvs4j.AddressFamily;
import io.lvs4j.AddressPrefix;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * A rule that says which routing table is looked at for which packets, see ip-rule(8).
 *
 * @param family of which packets
 * @param from the network that packets come from; empty = any
 * @param to the network that they go to; empty = any
 * @param inputDevice the name of the interface that they come in by; empty = any
 * @param outputDevice the name of the interface that sockets are bound to; empty = any
 * @param mark the firewall mark, 0..4294967295; empty = any
 * @param action what is done
 * @param table the number of the table, 1..4294967295, of {@link Action#LOOK_UP}; otherwise 0
 * @param priority the lower, the earlier, 0..4294967295; empty = the kernel chooses, and it is removed whatever it has
 */
public record RoutingRule(
        AddressFamily family,
        Optional<AddressPrefix> from,
        Optional<AddressPrefix> to,
        Optional<String> inputDevice,
        Optional<String> outputDevice,
        Optional<Long> mark,
        Action action,
        long table,
        Optional<Long> priority) {
    private static final long MOST = 0xffff_ffffL;

    /** What is done with packets that match. */
    public enum Action {
        /** A table is looked at. */
        LOOK_UP(1),
        /** They vanish. */
        BLACKHOLE(6),
        /** Their senders are told that there is no way. */
        UNREACHABLE(7),
        /** Their senders are told that it is forbidden. */
        PROHIBIT(8);

        private final int number;

        Action(int number) {
            this.number = number;
        }

        /** Returns the kernel's {@code FR_ACT_*}. */
        int number() {
            return number;
        }
    }

    /** Checks all parts. */
    public RoutingRule {
        Objects.requireNonNull(inputDevice, "inputDevice");
        Objects.requireNonNull(outputDevice, "outputDevice");
        require("from", from, family);
        require("to", to, family);
        mark.ifPresent(number -> require("mark", number, 0, MOST));
        priority.ifPresent(number -> require("priority", number, 0, MOST));
        require("table", table, action == Action.LOOK_UP ? 1 : 0, action == Action.LOOK_UP ? MOST : 0);
    }

    private static void require(String what, Optional<AddressPrefix> network, AddressFamily family) {
        if (network.isPresent() && AddressFamily.of(network.get().address()) != family) {
            throw new IllegalArgumentException(
                    what + ": " + network.get() + " (expected: a network of family " + family + ")");
        }
    }

    private static void require(String what, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + ": " + value + " (expected: " + least + ".." + most + ")");
        }
    }

    /** {@return {@code from 10.0.0.0/8 look_up 100}} */
    @Override
    public String toString() {
        return "from " + from.map(AddressPrefix::toString).orElse("all")
                + to.map(network -> " to " + network).orElse("")
                + inputDevice.map(name -> " iif " + name).orElse("")
                + outputDevice.map(name -> " oif " + name).orElse("")
                + mark.map(number -> " mark " + number).orElse("")
                + " " + action.name().toLowerCase(Locale.ROOT)
                + (action == Action.LOOK_UP ? " " + table : "");
    }
}
