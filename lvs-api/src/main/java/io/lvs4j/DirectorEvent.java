package io.lvs4j;

import io.lvs4j.check.CheckResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** Something that happened in a director. Events reach listeners in the order in which they happened. */
public sealed interface DirectorEvent {

    /** {@return when it happened, by the wall clock} */
    Instant time();

    /** {@return the service it happened to} */
    ServiceKey service();

    /** {@return its kind as a machine-readable word, such as {@code server-down}} */
    String type();

    /** Who made something happen. */
    enum Initiator {
        /** A change of the description, or a call of a handle. */
        OPERATOR,
        /** What a check found, such as the {@linkplain io.lvs4j.check.Advice advice} of a server's agent. */
        CHECK;

        /** Returns the lower-case name. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** An event that concerns one real server. */
    sealed interface ServerEvent extends DirectorEvent {
        /** {@return the server it happened to} */
        ServerKey server();
    }

    /**
     * A service is being served.
     *
     * @param time when
     * @param service its key
     */
    record ServiceAdded(Instant time, ServiceKey service) implements DirectorEvent {
        @Override
        public String type() {
            return "service-added";
        }
    }

    /**
     * A service's settings changed.
     *
     * @param time when
     * @param service its key
     * @param after its new description
     */
    record ServiceUpdated(Instant time, ServiceKey service, VirtualService after) implements DirectorEvent {
        @Override
        public String type() {
            return "service-updated";
        }
    }

    /**
     * A service is no longer served.
     *
     * @param time when
     * @param service its key
     */
    record ServiceRemoved(Instant time, ServiceKey service) implements DirectorEvent {
        @Override
        public String type() {
            return "service-removed";
        }
    }

    /**
     * A server joined its service.
     *
     * @param time when
     * @param service the service's key
     * @param server the server's key
     * @param weight its weight
     */
    record ServerAdded(Instant time, ServiceKey service, ServerKey server, int weight) implements ServerEvent {
        @Override
        public String type() {
            return "server-added";
        }
    }

    /**
     * A server left its service.
     *
     * @param time when
     * @param service the service's key
     * @param server the server's key
     */
    record ServerRemoved(Instant time, ServiceKey service, ServerKey server) implements ServerEvent {
        @Override
        public String type() {
            return "server-removed";
        }
    }

    /**
     * All checks of a server pass, again or, with alpha, for the first time, and nothing holds it down any more.
     *
     * @param time when
     * @param service the service's key
     * @param server the server's key
     * @param check the check that decided, such as {@code tcp}
     * @param cause what it found
     */
    record ServerUp(Instant time, ServiceKey service, ServerKey server, String check, CheckResult cause)
            implements ServerEvent {
        @Override
        public String type() {
            return "server-up";
        }
    }

    /**
     * A check of a server failed; it gets no new connection, unless {@link PoolRulesBuilder#panicThreshold} or {@link
     * PoolRulesBuilder#maxDepool} says otherwise. Or the service ends, and {@link PoolRulesBuilder#omega} has it told.
     *
     * @param time when
     * @param service the service's key
     * @param server the server's key
     * @param check the check that decided, such as {@code tcp}; {@code omega} = the service ends
     * @param cause what it found
     */
    record ServerDown(Instant time, ServiceKey service, ServerKey server, String check, CheckResult cause)
            implements ServerEvent {
        @Override
        public String type() {
            return "server-down";
        }
    }

    /**
     * A server's weight was changed.
     *
     * @param time when
     * @param service the service's key
     * @param server the server's key
     * @param before the weight so far
     * @param after the new weight; a slow start may still be on the way to it
     * @param by who changed it: operators the described weight, checks the one in force
     */
    record WeightChanged(Instant time, ServiceKey service, ServerKey server, int before, int after, Initiator by)
            implements ServerEvent {
        @Override
        public String type() {
            return "weight-changed";
        }
    }

    /**
     * A server began its slow start: it has a small share of its weight, and gets the rest in steps.
     *
     * @param time when
     * @param service the service's key
     * @param server the server's key
     * @param duration how long it takes to get all of its weight
     */
    record SlowStartStarted(Instant time, ServiceKey service, ServerKey server, Duration duration)
            implements ServerEvent {
        @Override
        public String type() {
            return "slow-start-started";
        }
    }

    /**
     * A slow start ended: the server has its whole weight, or something else came between, such as a failure.
     *
     * @param time when
     * @param service the service's key
     * @param server the server's key
     * @param weight the weight in force now; 0 = it gets no new connection
     */
    record SlowStartEnded(Instant time, ServiceKey service, ServerKey server, int weight) implements ServerEvent {
        @Override
        public String type() {
            return "slow-start-ended";
        }
    }

    /**
     * A server began to drain.
     *
     * @param time when
     * @param service the service's key
     * @param server the server's key
     * @param deadline how long it has
     */
    record DrainStarted(Instant time, ServiceKey service, ServerKey server, Duration deadline) implements ServerEvent {
        @Override
        public String type() {
            return "drain-started";
        }
    }

    /**
     * A drain ended.
     *
     * @param time when
     * @param service the service's key
     * @param report how it ended
     */
    record DrainEnded(Instant time, ServiceKey service, DrainReport report) implements ServerEvent {
        @Override
        public ServerKey server() {
            return report.server();
        }

        @Override
        public String type() {
            return "drain-ended";
        }
    }

    /**
     * An operator, or the server's agent, took a server out.
     *
     * @param time when
     * @param service the service's key
     * @param server the server's key
     * @param by who did
     */
    record MaintenanceStarted(Instant time, ServiceKey service, ServerKey server, Initiator by) implements ServerEvent {
        @Override
        public String type() {
            return "maintenance-started";
        }
    }

    /**
     * An operator, or the server's agent, gave a server back; the other one may still have it out.
     *
     * @param time when
     * @param service the service's key
     * @param server the server's key
     * @param by who did
     */
    record MaintenanceEnded(Instant time, ServiceKey service, ServerKey server, Initiator by) implements ServerEvent {
        @Override
        public String type() {
            return "maintenance-ended";
        }
    }

    /**
     * All checks of a server that failed pass again, but {@link FlapDamping} keeps it out until they have done so for long enough.
     *
     * @param time when
     * @param service the service's key
     * @param server the server's key
     * @param holdDown how long that is
     */
    record ServerHeld(Instant time, ServiceKey service, ServerKey server, Duration holdDown) implements ServerEvent {
        @Override
        public String type() {
            return "server-held";
        }
    }

    /**
     * {@link OutlierDetection} took a server out.
     *
     * @param time when
     * @param service the service's key
     * @param server the server's key
     * @param cause what it saw, such as {@code 7 of 9 connections failed within PT10S}
     * @param inhibit for how long
     */
    record ServerEjected(Instant time, ServiceKey service, ServerKey server, String cause, Duration inhibit)
            implements ServerEvent {
        @Override
        public String type() {
            return "server-ejected";
        }
    }

    /**
     * A server that was ejected is given back.
     *
     * @param time when
     * @param service the service's key
     * @param server the server's key
     * @param cause why it was ejected
     */
    record ServerReturned(Instant time, ServiceKey service, ServerKey server, String cause) implements ServerEvent {
        @Override
        public String type() {
            return "server-returned";
        }
    }

    /**
     * A server that is up stands by: servers of a better priority serve, or the sorry server does.
     *
     * @param time when
     * @param service the service's key
     * @param server the server's key
     */
    record StandbyStarted(Instant time, ServiceKey service, ServerKey server) implements ServerEvent {
        @Override
        public String type() {
            return "standby-started";
        }
    }

    /**
     * A server does not stand by any more: it serves, or something else keeps it out.
     *
     * @param time when
     * @param service the service's key
     * @param server the server's key
     */
    record StandbyEnded(Instant time, ServiceKey service, ServerKey server) implements ServerEvent {
        @Override
        public String type() {
            return "standby-ended";
        }
    }

    /**
     * The servers that are up weigh enough again; if there is a sorry server, it is no longer used.
     *
     * @param time when
     * @param service the service's key
     * @param weight what the servers that are up weigh together
     * @param quorum the quorum
     */
    record QuorumGained(Instant time, ServiceKey service, long weight, long quorum) implements DirectorEvent {
        @Override
        public String type() {
            return "quorum-gained";
        }
    }

    /**
     * The servers that are up do not weigh enough; if there is a sorry server, it serves alone.
     *
     * @param time when
     * @param service the service's key
     * @param weight what the servers that are up weigh together
     * @param quorum the quorum
     */
    record QuorumLost(Instant time, ServiceKey service, long weight, long quorum) implements DirectorEvent {
        @Override
        public String type() {
            return "quorum-lost";
        }
    }

    /**
     * So few servers are up that those which failed serve, too: see {@link PoolRulesBuilder#panicThreshold}.
     *
     * @param time when
     * @param service the service's key
     */
    record PanicStarted(Instant time, ServiceKey service) implements DirectorEvent {
        @Override
        public String type() {
            return "panic-started";
        }
    }

    /**
     * Enough servers are up again; those which failed do not serve any more.
     *
     * @param time when
     * @param service the service's key
     */
    record PanicEnded(Instant time, ServiceKey service) implements DirectorEvent {
        @Override
        public String type() {
            return "panic-ended";
        }
    }

    /**
     * A name of real servers could not be looked up; its servers stay as they are, and the lookup is tried again every few seconds.
     * Told once, until a lookup succeeds again.
     *
     * @param time when
     * @param service the service's key
     * @param host the name
     * @param cause why
     * @param kept the servers that stay
     */
    record LookupFailed(Instant time, ServiceKey service, String host, String cause, List<ServerKey> kept)
            implements DirectorEvent {
        /** Copies the list. */
        public LookupFailed {
            kept = List.copyOf(kept);
        }

        @Override
        public String type() {
            return "lookup-failed";
        }
    }

    /**
     * Somebody else had changed what the backend serves, such as an operator with ipvsadm, and it was mended.
     *
     * @param time when
     * @param service the service's key
     * @param changes what was done, one sentence each
     */
    record DriftRepaired(Instant time, ServiceKey service, List<String> changes) implements DirectorEvent {
        /** Copies the list. */
        public DriftRepaired {
            changes = List.copyOf(changes);
        }

        @Override
        public String type() {
            return "drift-repaired";
        }
    }
}
