package io.lvs4j.netlink;

import java.net.InetAddress;

/** One change of the kernel's table. */
public sealed interface IpvsChange {

    /** {@return the service that it is about} */
    IpvsServiceKey service();

    /**
     * Adds a service without destinations; refused if it is there.
     *
     * @param settings its key and settings
     */
    record AddService(IpvsService settings) implements IpvsChange {
        @Override
        public IpvsServiceKey service() {
            return settings.key();
        }

        @Override
        public String toString() {
            return "add service " + settings;
        }
    }

    /**
     * Gives a service other settings; its connections, templates and destinations stay.
     *
     * @param settings its key and the settings that it shall have
     */
    record EditService(IpvsService settings) implements IpvsChange {
        @Override
        public IpvsServiceKey service() {
            return settings.key();
        }

        @Override
        public String toString() {
            return "edit service " + settings;
        }
    }

    /**
     * Removes a service with its destinations.
     *
     * @param service which one
     */
    record RemoveService(IpvsServiceKey service) implements IpvsChange {
        @Override
        public String toString() {
            return "remove service " + service;
        }
    }

    /**
     * Adds a destination in front of the others; refused if it is there.
     *
     * @param service of which service
     * @param settings its address and settings
     */
    record AddDestination(IpvsServiceKey service, IpvsDestination settings) implements IpvsChange {
        @Override
        public String toString() {
            return "add destination " + settings + " to " + service;
        }
    }

    /**
     * Gives a destination other settings; it keeps its place and its connections.
     *
     * @param service of which service
     * @param settings its address and the settings that it shall have
     */
    record EditDestination(IpvsServiceKey service, IpvsDestination settings) implements IpvsChange {
        @Override
        public String toString() {
            return "edit destination " + settings + " of " + service;
        }
    }

    /**
     * Removes a destination. What becomes of its connections says the sysctl {@code expire_nodest_conn}.
     *
     * @param service of which service
     * @param address its address
     * @param port its port
     */
    record RemoveDestination(IpvsServiceKey service, InetAddress address, int port) implements IpvsChange {
        @Override
        public String toString() {
            return "remove destination " + Addresses.text(address, port) + " of " + service;
        }
    }

    /**
     * Sets the counters of a service and its destinations to 0.
     *
     * @param service which one
     */
    record ZeroService(IpvsServiceKey service) implements IpvsChange {
        @Override
        public String toString() {
            return "zero service " + service;
        }
    }
}
