package io.lvs4j.health;

import io.lvs4j.ServerKey;
import io.lvs4j.check.CheckResult;
import io.lvs4j.check.CheckTarget;
import io.lvs4j.check.PingCheck;
import io.lvs4j.spi.IcmpSockets;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.ServiceLoader;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Pings servers, over one socket for all that are asked from the same place. The sockets are opened when first needed and live as
 * long as the monitor. Thread-safe; what happens to sockets does so on one event loop.
 */
final class Pings {
    private final Sockets sockets;
    private final EventLoop loop;
    private final SecureRandom random = new SecureRandom();
    private final short identifier = (short) random.nextInt();
    private final Map<From, Open> open = new HashMap<>(); // confined to the loop
    private @Nullable IcmpSockets opener; // guarded by this

    /** Where requests come from. */
    private record From(boolean ipv6, Optional<InetAddress> address, OptionalLong mark) {}

    private record Open(Channel channel, PingSocket socket) {}

    Pings(Sockets sockets) {
        this.sockets = sockets;
        this.loop = sockets.nextLoop();
    }

    /**
     * Returns what pings a server.
     *
     * @throws IllegalArgumentException if this JVM has nothing to ping with
     */
    Probe probe(PingCheck check) {
        if (!sockets.transport().takesDescriptors()) {
            throw new IllegalArgumentException("check: ping (expected: event loops on epoll, for which add"
                    + " io.netty:netty-transport-native-epoll with a classifier such as linux-x86_64)");
        }
        IcmpSockets found = opener();
        return (server, outcome) -> begin(found, server, check.target(), outcome);
    }

    private synchronized IcmpSockets opener() {
        IcmpSockets found = opener;
        if (found == null) {
            found = ServiceLoader.load(IcmpSockets.class)
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "check: ping (expected: io.lvs4j:lvs-netlink on the class path or module path)"));
            opener = found;
        }
        return found;
    }

    private Probe.Attempt begin(
            IcmpSockets found, ServerKey server, CheckTarget target, Consumer<CheckResult> outcome) {
        InetAddress address = target.of(server).address();
        From from = new From(address instanceof Inet6Address, target.bindTo(), target.firewallMark());
        PingAttempt attempt = new PingAttempt(random.nextLong(), outcome, ended -> forget(from, ended));
        try {
            loop.execute(() -> ask(found, from, target, address, attempt));
        } catch (RejectedExecutionException e) {
            attempt.end(CheckResult.inconclusive("the event loop has been closed"));
        }
        return attempt;
    }

    private void ask(IcmpSockets found, From from, CheckTarget target, InetAddress address, PingAttempt attempt) {
        if (attempt.ended()) {
            return;
        }
        Open there = open.get(from);
        if (there != null && there.channel.isOpen()) {
            there.socket.ask(there.channel, address, attempt);
            return;
        }
        try {
            IcmpSockets.IcmpSocket made = found.open(from.ipv6);
            Channel channel = sockets.transport().wrap(made.descriptor());
            PingSocket socket = new PingSocket(from.ipv6, made.raw(), identifier);
            channel.pipeline().addLast(socket);
            sockets.ready(channel, target, loop).addListener(ready -> {
                if (ready.isSuccess()) {
                    open.put(from, new Open(channel, socket));
                    socket.ask(channel, address, attempt);
                } else {
                    channel.close();
                    attempt.end(CheckResult.inconclusive("ping: " + Wording.of(ready.cause())));
                }
            });
        } catch (IOException | ChannelException e) {
            attempt.end(CheckResult.inconclusive("ping: " + Wording.of(e)));
        }
    }

    private void forget(From from, PingAttempt attempt) {
        try {
            loop.execute(() -> {
                Open there = open.get(from);
                if (there != null) {
                    there.socket.forget(attempt);
                }
            });
        } catch (RejectedExecutionException e) {
            // The loop has been shut down, and all its channels are closed.
        }
    }
}
