package io.lvs4j.netty;

import io.lvs4j.BackendException;
import io.lvs4j.spi.Ticker;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandle;
import io.netty.channel.nio.NioIoHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses between the transports, and makes event loops for them. */
final class Transports {
    private static final Logger log = LoggerFactory.getLogger(Transports.class);

    private Transports() {}

    static Loops loops(
            Transport wanted,
            int threads,
            @Nullable EventLoopGroup group,
            Profile profile,
            Ticker ticker,
            @Nullable SocketBudget budget) {
        if (group != null) {
            return new Loops(group, null, socketsFor(wanted, group, profile), ticker, budget);
        }
        boolean epoll = useEpoll(wanted);
        IoHandlerFactory factory = epoll ? EpollParts.handlers() : NioIoHandler.newFactory();
        LoopThreads factoryOfThreads = new LoopThreads();
        EventLoopGroup own = new MultiThreadIoEventLoopGroup(threads, factoryOfThreads, factory);
        Sockets sockets = epoll ? EpollParts.sockets(profile) : new NioSockets(profile);
        return new Loops(own, factoryOfThreads, sockets, ticker, budget);
    }

    private static boolean useEpoll(Transport wanted) {
        if (wanted == Transport.NIO) {
            return false;
        }
        Throwable missing = epollMissing();
        String failure = missing == null ? EpollParts.selfTestFailure() : null;
        if (wanted == Transport.EPOLL && missing != null) {
            throw new BackendException(
                    "start",
                    "netty backend",
                    "no native epoll library (" + missing
                            + "); add io.netty:netty-transport-native-epoll with a classifier"
                            + " such as linux-x86_64, or choose Transport.AUTO or Transport.NIO",
                    missing);
        }
        if (failure != null) {
            if (wanted == Transport.EPOLL) {
                throw new BackendException(
                        "start",
                        "netty backend",
                        "the self-test of epoll failed (" + failure + "); use the version of Netty that lvs4j was built"
                                + " with, or choose Transport.AUTO or Transport.NIO",
                        null);
            }
            log.warn("The self-test of epoll failed, the JDK's selectors are used: {}", failure);
        }
        return missing == null && failure == null;
    }

    private static @Nullable Throwable epollMissing() {
        try {
            return EpollParts.unavailabilityCause();
        } catch (LinkageError e) {
            return e; // not even the classes are there
        }
    }

    private static Sockets socketsFor(Transport wanted, EventLoopGroup group, Profile profile) {
        if (group instanceof IoEventLoopGroup loops) {
            if (wanted != Transport.NIO
                    && epollMissing() == null
                    && EpollParts.selfTestFailure() == null
                    && EpollParts.runsOn(loops)) {
                return EpollParts.sockets(profile);
            }
            if (wanted != Transport.EPOLL && loops.isCompatible(NioIoHandle.class)) {
                return new NioSockets(profile);
            }
        }
        throw new BackendException(
                "start",
                "netty backend",
                "eventLoopGroup: " + group.getClass().getName() + " (expected: an IoEventLoopGroup on "
                        + (wanted == Transport.EPOLL
                                ? "EpollIoHandler"
                                : wanted == Transport.NIO ? "NioIoHandler" : "EpollIoHandler or NioIoHandler")
                        + ")",
                null);
    }

    /** What touches Netty's epoll classes, so that this class can be loaded without them. */
    private static final class EpollParts {
        private EpollParts() {}

        static @Nullable Throwable unavailabilityCause() {
            return Epoll.unavailabilityCause();
        }

        static @Nullable String selfTestFailure() {
            return EpollSelfTest.failure();
        }

        static IoHandlerFactory handlers() {
            return EpollIoHandler.newFactory();
        }

        static Sockets sockets(Profile profile) {
            return new EpollSockets(profile);
        }

        static boolean runsOn(IoEventLoopGroup loops) {
            return loops.isCompatible(EpollIoHandle.class);
        }
    }
}
