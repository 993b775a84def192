package io.lvs4j.health;

import io.lvs4j.ProxyProtocol;
import io.lvs4j.ServerKey;
import io.lvs4j.check.CheckTarget;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.ChannelGroupFuture;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/**
 * Opens the connections of attempts, and knows those that are open. Thread-safe.
 *
 * <p>It does by hand what Netty's {@code Bootstrap} does, because that reports a socket that could not be opened on a thread
 * of its own, which lives on after the monitor.
 */
final class Sockets {
    private final EventLoopGroup loops;
    private final ChannelFactory<? extends Channel> factory;
    private final Transport transport;
    private final ChannelGroup open = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE, true);

    Sockets(EventLoopGroup loops, ChannelFactory<? extends Channel> factory) {
        this.loops = loops;
        this.factory = factory;
        this.transport = Transport.of(loops);
    }

    /** Returns the interface to the operating system that the event loops use. */
    Transport transport() {
        return transport;
    }

    /**
     * Refuses what is known beforehand to be impossible.
     *
     * @throws IllegalArgumentException if the server cannot be asked as the target says
     */
    void require(ServerKey server, CheckTarget target) {
        target.require(server);
        if (target.firewallMark().isPresent() && transport.mark().isEmpty()) {
            throw new IllegalArgumentException(
                    "firewallMark: " + target.firewallMark().getAsLong()
                            + " (expected: none, because these event loops are not on epoll; add"
                            + " io.netty:netty-transport-native-epoll with a classifier such as linux-x86_64)");
        }
    }

    /** Returns an event loop for the next attempt. */
    EventLoop nextLoop() {
        return loops.next();
    }

    /** Begins an attempt, on its event loop; returns it. A greeting comes before everything else. */
    SocketAttempt connect(
            ServerKey server, CheckTarget target, Optional<ProxyProtocol.Version> greeting, SocketAttempt attempt) {
        return begin(server, target, attempt, () -> {
            Channel channel = factory.newChannel();
            channel.config().setOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0); // the deadline covers it
            channel.config().setOption(ChannelOption.TCP_NODELAY, true);
            channel.pipeline().addLast(new ReadLimit());
            greeting.ifPresent(version -> channel.pipeline().addLast(new ProxyGreeting(version)));
            return channel;
        });
    }

    /** Begins an attempt over a datagram socket that is connected to the server, on its event loop; returns it. */
    SocketAttempt connectDatagram(ServerKey server, CheckTarget target, DatagramAttempt attempt) {
        boolean ipv4 = target.of(server).address() instanceof Inet4Address;
        return begin(
                server,
                target,
                attempt,
                () -> transport.newDatagramChannel(ipv4 ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6));
    }

    private SocketAttempt begin(
            ServerKey server, CheckTarget target, SocketAttempt attempt, Supplier<Channel> factory) {
        try {
            attempt.loop().execute(() -> open(server, target, attempt, factory));
        } catch (RejectedExecutionException e) {
            attempt.notOpened(e);
        }
        return attempt;
    }

    private void open(ServerKey server, CheckTarget target, SocketAttempt attempt, Supplier<Channel> factory) {
        if (attempt.aborted()) {
            return;
        }
        Channel channel;
        try {
            channel = factory.get();
        } catch (ChannelException e) {
            attempt.notOpened(e);
            return;
        }
        try {
            prepare(channel, target);
        } catch (ChannelException e) {
            channel.unsafe().closeForcibly();
            attempt.notOpened(e);
            return;
        }
        channel.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(ReadLimit.CHUNK_BYTES));
        attempt.addTo(channel.pipeline());
        attempt.loop().register(channel).addListener((ChannelFuture registered) -> {
            if (registered.isSuccess()) {
                open.add(channel);
                attempt.opened(channel);
                connect(channel, server, target).addListener(attempt::connectEnded);
            } else {
                attempt.notOpened(registered.cause());
            }
        });
    }

    private void prepare(Channel channel, CheckTarget target) {
        if (target.bindPort().isPresent()) {
            // The connection before, which has ended, still holds the port for a minute.
            channel.config().setOption(ChannelOption.SO_REUSEADDR, true);
        }
        if (target.firewallMark().isPresent()) {
            ChannelOption<Integer> mark = transport.mark().orElseThrow();
            try {
                channel.config().setOption(mark, (int) target.firewallMark().getAsLong());
            } catch (ChannelException e) {
                // Without its cause, whose words would be the ones shown.
                throw new ChannelException("firewallMark: " + Wording.of(e) + " (it needs CAP_NET_ADMIN)");
            }
        }
    }

    private static ChannelFuture connect(Channel channel, ServerKey server, CheckTarget target) {
        InetSocketAddress remote = target.of(server).socketAddress();
        if (target.bindTo().isEmpty() && target.bindPort().isEmpty()) {
            return channel.connect(remote);
        }
        String wildcard = remote.getAddress() instanceof Inet4Address ? "0.0.0.0" : "::";
        InetAddress from = target.bindTo().orElseGet(() -> NetUtil.createInetAddressFromIpAddressString(wildcard));
        return channel.connect(
                remote, new InetSocketAddress(from, target.bindPort().orElse(0)));
    }

    /** Makes a channel over an open socket ready to send from where a target says, on its event loop. */
    ChannelFuture ready(Channel channel, CheckTarget target, EventLoop loop) {
        channel.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(ReadLimit.CHUNK_BYTES));
        ChannelFuture registered = loop.register(channel);
        open.add(channel);
        try {
            prepare(channel, target);
        } catch (ChannelException e) {
            return channel.newFailedFuture(e);
        }
        return target.bindTo().isEmpty() || !registered.isSuccess()
                ? registered
                : channel.bind(new InetSocketAddress(target.bindTo().get(), 0));
    }

    /** Closes all connections; those that are being opened meanwhile as well. */
    ChannelGroupFuture close() {
        return open.close();
    }
}
