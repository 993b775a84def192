package io.lvs4j.vrrp;

import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** What has happened to a virtual router, or to a sync group. Values; wall-clock times are for display. */
public sealed interface VrrpEvent {
    /** {@return when it happened} */
    Instant time();

    /** {@return the name of the router, or of the group} */
    String name();

    /** {@return what it is called, such as {@code router-entered}} */
    String type();

    /**
     * A router is something else than before.
     *
     * @param time when
     * @param name the router's
     * @param state what it is from now on; a master has its addresses already
     * @param priority its priority, 1..255
     */
    record RouterEntered(Instant time, String name, RouterState state, int priority) implements VrrpEvent {
        /** Requires all parts. */
        public RouterEntered {
            Objects.requireNonNull(time, "time");
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(state, "state");
        }

        @Override
        public String type() {
            return "router-entered";
        }
    }

    /**
     * All routers of a group are something else than before.
     *
     * @param time when
     * @param name the group's
     * @param state what they are from now on
     */
    record GroupEntered(Instant time, String name, RouterState state) implements VrrpEvent {
        /** Requires all parts. */
        public GroupEntered {
            Objects.requireNonNull(time, "time");
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(state, "state");
        }

        @Override
        public String type() {
            return "group-entered";
        }
    }

    /**
     * What a router tracks, or another description, has changed its priority.
     *
     * @param time when
     * @param name the router's
     * @param priority what it is from now on, 1..254
     */
    record PriorityChanged(Instant time, String name, int priority) implements VrrpEvent {
        /** Requires all parts. */
        public PriorityChanged {
            Objects.requireNonNull(time, "time");
            Objects.requireNonNull(name, "name");
        }

        @Override
        public String type() {
            return "priority-changed";
        }
    }

    /**
     * What a router needs has failed, or does not fail any more.
     *
     * @param time when
     * @param name the router's
     * @param faults what fails now, such as {@code interface eth0}; empty = nothing
     */
    record FaultsChanged(Instant time, String name, List<String> faults) implements VrrpEvent {
        /** Copies the list. */
        public FaultsChanged {
            Objects.requireNonNull(time, "time");
            Objects.requireNonNull(name, "name");
            faults = List.copyOf(faults);
        }

        @Override
        public String type() {
            return "faults-changed";
        }
    }

    /**
     * A master has heard another of lower priority, or of the same with a lower address, and stays.
     *
     * @param time when
     * @param name the router's
     * @param source the other's address
     * @param priority his, 0..255
     */
    record LowerMasterHeard(Instant time, String name, InetAddress source, int priority) implements VrrpEvent {
        /** Requires all parts. */
        public LowerMasterHeard {
            Objects.requireNonNull(time, "time");
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(source, "source");
        }

        @Override
        public String type() {
            return "lower-master-heard";
        }
    }

    /**
     * Two hosts are configured to own the addresses. This one goes on with priority 254.
     *
     * @param time when
     * @param name the router's
     * @param source the other's address
     */
    record OwnerConflict(Instant time, String name, InetAddress source) implements VrrpEvent {
        /** Requires all parts. */
        public OwnerConflict {
            Objects.requireNonNull(time, "time");
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(source, "source");
        }

        @Override
        public String type() {
            return "owner-conflict";
        }
    }

    /**
     * Something could not be done that a router's state asks for; it is tried again where that helps.
     *
     * @param time when
     * @param name the router's
     * @param what what, and why not
     */
    record Failed(Instant time, String name, String what) implements VrrpEvent {
        /** Requires all parts. */
        public Failed {
            Objects.requireNonNull(time, "time");
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(what, "what");
        }

        @Override
        public String type() {
            return "failed";
        }
    }
}
