package io.lvs4j.netty;

import io.lvs4j.ServerKey;
import io.lvs4j.scheduler.Suspects;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The servers of a service over TCP that do not answer, so that one client pays for each of them and not every client. A server
 * that let a client wait for {@link #SLOW_NANOS} or the connect timeout in vain is suspect: who waits for it at that moment is moved
 * on, and new clients get others while there are any. Every {@link #TRIAL_NANOS} we try to connect to it ourselves. It is
 * suspect no longer when that or any client's connection gets through, or when it leaves the pool. A server that takes longer
 * than a trial lasts stays suspect while there are others.
 *
 * <p>Any thread may report; the trials are confined to one event loop. Costs a look at an empty list while nobody is suspect.
 */
final class SilentServers {
    /** A connect that fails later than this is as bad as one that does not end: no host, for example. */
    static final long SLOW_NANOS = 1_000_000_000L;

    /** One trial begins when the one before has had this long. */
    static final long TRIAL_NANOS = 1_000_000_000L;

    private static final long LOOK_MILLIS = 100;
    private static final Logger log = LoggerFactory.getLogger(SilentServers.class);

    private final TcpService service;
    private final Loops loops;
    private final Loop home;
    private final Suspects suspects;
    private final Map<ServerKey, Trial> trials = new HashMap<>();
    private boolean closed;

    SilentServers(TcpService service, Loops loops) {
        this.service = service;
        this.loops = loops;
        this.home = loops.all().get(0);
        this.suspects = service.engine().suspects();
    }

    /** A client has waited for a server in vain. */
    void letWait(ServerKey server) {
        if (suspects.add(server)) {
            log.warn("{} does not answer; clients get other servers while there are any", server);
            loops.postToEach(loop -> loop.forEach(connection -> {
                if (connection.service() == service) {
                    connection.serverIsSilent(server);
                }
            }));
            home.execute(() -> beginTrials(server));
        }
    }

    /** A connection to a server has got through. */
    void answered(ServerKey server) {
        if (suspects.clear(server)) {
            log.info("{} answers again", server);
        }
    }

    private void beginTrials(ServerKey server) {
        if (!closed) {
            Trial before = trials.put(server, new Trial(server, home.ticker().nanos()));
            if (before != null) {
                before.stop(); // it was suspect before, and the timer still goes
            } else if (trials.size() == 1) {
                home.schedule(this::look, LOOK_MILLIS);
            }
        }
    }

    private void look() {
        long now = home.ticker().nanos();
        trials.values().removeIf(trial -> !trial.goOn(now));
        if (!trials.isEmpty()) {
            home.schedule(this::look, LOOK_MILLIS);
        }
    }

    /** Ends the trials, on their event loop. */
    void close() {
        closed = true;
        trials.values().forEach(Trial::stop);
        trials.clear();
    }

    Loop loop() {
        return home;
    }

    /** Connects to one server again and again. */
    private final class Trial implements SocketEvents {
        private final ServerKey server;
        private long beganNanos;
        private @Nullable StreamSocket socket;

        Trial(ServerKey server, long nowNanos) {
            this.server = server;
            this.beganNanos = nowNanos;
        }

        /** Returns whether there is any need to. */
        boolean goOn(long nowNanos) {
            if (!suspects.contains(server)) {
                stop();
                return false;
            }
            if (nowNanos - beganNanos >= TRIAL_NANOS) {
                stop();
                beganNanos = nowNanos;
                begin();
            }
            return true;
        }

        private void begin() {
            try {
                StreamSocket next = home.sockets().newSocket(server.socketAddress());
                socket = next;
                next.connect(home, server.socketAddress(), this);
            } catch (IOException e) {
                stop(); // next time
            }
        }

        void stop() {
            if (socket != null) {
                socket.reset();
                socket = null;
            }
        }

        @Override
        public void connected() {
            StreamSocket through = socket;
            if (through != null && !ServerSearch.connectedToItself(through, server)) {
                through.close();
                socket = null;
                answered(server);
            }
        }

        @Override
        public void connectFailed(IOException cause) {
            stop();
        }

        @Override
        public void broken() {
            stop();
        }
    }
}
