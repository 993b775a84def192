package io.lvs4j;

import io.lvs4j.check.CheckResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Something that happened in a director. Events reach listeners in the order in which they happened. */
public sealed interface DirectorEvent {

    /** {@return when it happened, by the wall clock} */
    Instant time();

    /** {@return the service it happened to} */
    ServiceKey service();

    /** {@return its kind as a machine-readable word, such as {@code server-down}} */
    String type();

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
     * All checks of a server pass again.
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
     * A check of a server failed; it gets no new connection.
     *
     * @param time when
     * @param service the service's key
     * @param server the server's key
     * @param check the check that decided, such as {@code tcp}
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
     * @param after the new weight
     */
    record WeightChanged(Instant time, ServiceKey service, ServerKey server, int before, int after)
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
     * An operator took a server out.
     *
     * @param time when
     * @param service the service's key
     * @param server the server's key
     */
    record MaintenanceStarted(Instant time, ServiceKey service, ServerKey server) implements ServerEvent {
        @Override
        public String type() {
            return "maintenance-started";
        }
    }

    /**
     * An operator gave a server back.
     *
     * @param time when
     * @param service the service's key
     * @param server the server's key
     */
    record MaintenanceEnded(Instant time, ServiceKey service, ServerKey server) implements ServerEvent {
        @Override
        public String type() {
            return "maintenance-ended";
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
