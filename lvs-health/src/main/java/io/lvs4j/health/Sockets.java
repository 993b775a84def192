package io.lvs4j.health;

import io.lvs4j.ProxyProtocol;
import io.lvs4j.ServerKey;
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
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;

/**
 * Opens the connections of attempts, and knows those that are open. Thread-safe.
 *
 * <p>It does by hand what Netty's {@code Bootstrap} does, because that reports a socket that could not be opened on a thread
 * of its own, which lives on after the monitor.
 */
final class Sockets {
    private final EventLoopGroup loops;
    private final ChannelFactory<? extends Channel> factory;
    private final ChannelGroup open = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE, true);

    Sockets(EventLoopGroup loops, ChannelFactory<? extends Channel> factory) {
        this.loops = loops;
        this.factory = factory;
    }

    /** Returns an event loop for the next attempt. */
    EventLoop nextLoop() {
        return loops.next();
    }

    /** Begins an attempt, on its event loop; returns it. A greeting comes before everything else. */
    SocketAttempt connect(ServerKey server, Optional<ProxyProtocol.Version> greeting, SocketAttempt attempt) {
        try {
            attempt.loop().execute(() -> open(server, greeting, attempt));
        } catch (RejectedExecutionException e) {
            attempt.notOpened(e);
        }
        return attempt;
    }

    private void open(ServerKey server, Optional<ProxyProtocol.Version> greeting, SocketAttempt attempt) {
        if (attempt.aborted()) {
            return;
        }
        Channel channel;
        try {
            channel = factory.newChannel();
        } catch (ChannelException e) {
            attempt.notOpened(e);
            return;
        }
        channel.config().setOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0); // the deadline covers it
        channel.config().setOption(ChannelOption.TCP_NODELAY, true);
        channel.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(ReadLimit.CHUNK_BYTES));
        channel.pipeline().addLast(new ReadLimit());
        greeting.ifPresent(version -> channel.pipeline().addLast(new ProxyGreeting(version)));
        attempt.addTo(channel.pipeline());
        attempt.loop().register(channel).addListener((ChannelFuture registered) -> {
            if (registered.isSuccess()) {
                open.add(channel);
                attempt.opened(channel);
                channel.connect(server.socketAddress()).addListener(attempt::connectEnded);
            } else {
                attempt.notOpened(registered.cause());
            }
        });
    }

    /** Closes all connections; those that are being opened meanwhile as well. */
    ChannelGroupFuture close() {
        return open.close();
    }
}
