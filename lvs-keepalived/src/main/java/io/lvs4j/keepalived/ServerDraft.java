package io.lvs4j.keepalived;

import io.lvs4j.ForwardingMethod;
import io.lvs4j.keepalived.syntax.Position;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A {@code real_server} or {@code sorry_server}, as it is read. Not thread-safe. */
final class ServerDraft {
    final Position at;
    final InetAddress address;
    final int port;
    final TimingDraft timing = new TimingDraft();
    final List<CheckDraft> checks = new ArrayList<>();

    @Nullable
    Integer weight;

    @Nullable
    Boolean inhibit;

    @Nullable
    ForwardingMethod forwarding;

    @Nullable
    String virtualHost;

    @Nullable
    Script notifyUp;

    @Nullable
    Script notifyDown;

    long upperThreshold;
    long lowerThreshold;

    /** @param port 0 = as the virtual server's */
    ServerDraft(Position at, InetAddress address, int port) {
        this.at = at;
        this.address = address;
        this.port = port;
    }

    /** {@return a server of {@code address [port]}; empty = it is none, which has been told} */
    static Optional<ServerDraft> begin(Arguments arguments) {
        Optional<InetAddress> address = arguments.value(0, Value.address());
        Optional<Integer> port = arguments.count() > 1 ? arguments.value(1, Value.portOrNone()) : Optional.of(0);
        return address.isEmpty() || port.isEmpty()
                ? Optional.empty()
                : Optional.of(new ServerDraft(arguments.at(), address.get(), port.get()));
    }

    boolean sameAs(ServerDraft other) {
        return address.equals(other.address) && port == other.port;
    }

    String name() {
        return address.getHostAddress() + (port == 0 ? "" : " " + port);
    }
}
