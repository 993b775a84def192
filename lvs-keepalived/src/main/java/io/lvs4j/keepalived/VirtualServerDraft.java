package io.lvs4j.keepalived;

import io.lvs4j.AddressFamily;
import io.lvs4j.ForwardingMethod;
import io.lvs4j.Protocol;
import io.lvs4j.SchedulerFlag;
import io.lvs4j.keepalived.syntax.Block;
import io.lvs4j.keepalived.syntax.Position;
import io.lvs4j.keepalived.syntax.Word;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A {@code virtual_server}, as it is read. Not thread-safe. */
final class VirtualServerDraft {
    /** What {@code persistence_timeout} is without a value, in seconds. */
    static final int PERSISTENCE = 360;

    final Position at;
    /** Where its block ends. */
    final Position end;
    /** How many errors there were before it. */
    final int errorsBefore;

    /** It is at an address, or of a firewall mark, or of a group. */
    final @Nullable InetAddress address;

    final int port;
    final @Nullable Long firewallMark;
    final @Nullable Word group;
    final TimingDraft timing = new TimingDraft();
    final List<ServerDraft> servers = new ArrayList<>();
    final Set<SchedulerFlag> schedulerFlags = EnumSet.noneOf(SchedulerFlag.class);
    final Set<String> plainFlags = new TreeSet<>();
    /** Those of the address, or of what is read first that has one. */
    @Nullable
    AddressFamily family;

    @Nullable
    String scheduler;

    @Nullable
    ForwardingMethod forwarding;

    @Nullable
    Protocol protocol;

    boolean onePacket;
    int persistence;

    @Nullable
    Integer ipv4Prefix;

    @Nullable
    Integer ipv6Prefix;

    boolean omega;
    boolean inhibit;
    boolean haSuspend;
    long quorum = 1;

    @Nullable
    Position quorumAt;

    long hysteresis;
    int weight = 1;

    @Nullable
    String virtualHost;

    @Nullable
    Script quorumUp;

    @Nullable
    Script quorumDown;

    @Nullable
    ServerDraft sorry;

    boolean sorryInhibit;
    /** Whether it has errors, so that it is no service. */
    boolean faulty;

    private VirtualServerDraft(
            Arguments arguments,
            @Nullable InetAddress address,
            int port,
            @Nullable Long firewallMark,
            @Nullable Word group) {
        at = arguments.at();
        end = arguments.statement().block().map(Block::close).orElse(at);
        errorsBefore = arguments.reading().errors();
        this.address = address;
        this.port = port;
        this.firewallMark = firewallMark;
        this.group = group;
        family = address == null ? null : AddressFamily.of(address);
    }

    /** {@return a virtual server of {@code address [port]}, {@code fwmark number} or {@code group name}; empty = it is none of them} */
    static Optional<VirtualServerDraft> begin(Arguments arguments) {
        String first = arguments.word(0).text();
        if (first.equals("group") || first.equals("fwmark")) {
            if (arguments.count() < 2) {
                arguments.error("missing-value", 0, first + " without a value (expected: which " + first + ")");
                return Optional.empty();
            }
            if (first.equals("group")) {
                return Optional.of(new VirtualServerDraft(arguments, null, 0, null, arguments.word(1)));
            }
            return arguments
                    .value(1, Value.number(1, Value.MAX))
                    .map(mark -> new VirtualServerDraft(arguments, null, 0, mark, null));
        }
        Optional<InetAddress> address = arguments.value(0, Value.address());
        Optional<Integer> port = arguments.count() > 1 ? arguments.value(1, Value.portOrNone()) : Optional.of(0);
        return address.isEmpty() || port.isEmpty()
                ? Optional.empty()
                : Optional.of(new VirtualServerDraft(arguments, address.get(), port.get(), null, null));
    }

    /** {@return it as a message names it} */
    String name() {
        if (group != null) {
            return "virtual_server group " + Reading.shown(group.text());
        }
        return "virtual_server "
                + (address == null
                        ? "fwmark " + firewallMark
                        : address.getHostAddress() + (port == 0 ? "" : " " + port));
    }

    ForwardingMethod forwardingOf(ServerDraft server) {
        if (server.forwarding != null) {
            return server.forwarding;
        }
        return forwarding == null ? ForwardingMethod.masquerade() : forwarding;
    }
}
