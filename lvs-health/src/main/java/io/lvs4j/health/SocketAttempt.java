package io.lvs4j.health;

import io.lvs4j.check.CheckResult;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.SocketAddress;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An attempt over one connection: from opening it, over the first verdict, to a decent end.
 *
 * <p>A failure closes the connection at once. After an answer the connection is left to the server to close for up to a
 * second, reading and forgetting what still comes, so that an ordinary server sees no reset.
 *
 * <p>Confined to one event loop, except for {@link #phase()} and {@link #abort()}.
 */
abstract class SocketAttempt extends ChannelInboundHandlerAdapter implements Probe.Attempt {
    private static final long GOODBYE_MILLIS = 1000;

    private final EventLoop loop;
    private final Consumer<CheckResult> outcome;
    private volatile Phase phase = Phase.CONNECT;
    private @Nullable Channel channel;
    private boolean judged;
    private boolean aborted;

    SocketAttempt(EventLoop loop, Consumer<CheckResult> outcome) {
        this.loop = loop;
        this.outcome = outcome;
    }

    final EventLoop loop() {
        return loop;
    }

    /** Adds this handler, last, and those that it needs before it. */
    abstract void addTo(ChannelPipeline pipeline);

    /** Called when the connection is established. */
    abstract void connected(Channel channel);

    /** Called for every message until there is a verdict; the caller releases it. */
    abstract void received(Channel channel, Object message);

    /** Called when the connection has ended, even after a verdict. */
    void ended(Channel current) {
        failed(current, whenEnded());
    }

    /** Returns what a connection that the server ended means in the present phase. */
    String whenEnded() {
        return "closed";
    }

    /** Returns a failure of the connection in words. */
    String whenFailed(Throwable cause) {
        return Wording.of(cause);
    }

    final boolean aborted() {
        return aborted;
    }

    /** There is no socket, or no event loop that takes it. */
    final void notOpened(Throwable cause) {
        judge(CheckResult.inconclusive("no socket: " + Wording.of(cause)));
    }

    final void opened(Channel registered) {
        channel = registered;
    }

    final void connectEnded(Future<? super Void> connect) {
        Throwable cause = connect.cause();
        if (cause != null) {
            judge(connectFailure(cause));
            close();
        }
    }

    private static CheckResult connectFailure(Throwable cause) {
        String reason = Wording.of(cause);
        return OwnFault.is(cause) ? CheckResult.inconclusive("connect: " + reason) : Phase.CONNECT.failed(reason);
    }

    final void enter(Phase next) {
        phase = next;
    }

    /** The server has answered well or badly; what it still says is of no interest. */
    final void answered(Channel current, CheckResult result) {
        if (judge(result)) {
            ScheduledFuture<?> end = loop.schedule((Runnable) current::close, GOODBYE_MILLIS, TimeUnit.MILLISECONDS);
            current.closeFuture().addListener(closed -> end.cancel(false));
        }
    }

    /** There is no answer to be had; closes the connection. */
    final void failed(Channel current, String detail) {
        judge(phase.failed(detail));
        current.close();
    }

    private boolean judge(CheckResult result) {
        if (judged) {
            return false;
        }
        judged = true;
        outcome.accept(result);
        return true;
    }

    @Override
    public final Phase phase() {
        return phase;
    }

    @Override
    public final void abort() {
        try {
            loop.execute(() -> {
                aborted = true;
                close();
            });
        } catch (RejectedExecutionException e) {
            // The loop has been shut down, and all its channels are closed.
        }
    }

    private void close() {
        if (channel != null) {
            channel.close();
        }
    }

    @Override
    public final void channelActive(ChannelHandlerContext ctx) {
        Channel current = ctx.channel();
        SocketAddress remote = current.remoteAddress();
        if (remote != null && remote.equals(current.localAddress())) {
            // A free local port can be the very port asked for, and TCP lets a socket connect to itself.
            failed(current, "connection refused");
        } else {
            connected(current);
        }
    }

    @Override
    public final void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (!judged) {
                received(ctx.channel(), message);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public final void channelInactive(ChannelHandlerContext ctx) {
        ended(ctx.channel());
    }

    @Override
    public final void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        failed(ctx.channel(), whenFailed(cause));
    }
}
