package io.lvs4j.ipvsadm;

import java.net.InetAddress;
import java.util.Objects;
import java.util.Optional;

/** A command of ipvsadm that changes the table. {@code toString} is what to type, without the program's name. */
public sealed interface Command {

    /**
     * {@code -A}.
     *
     * @param service the service
     */
    record AddService(ServiceRule service) implements Command {
        /** Refuses null. */
        public AddService {
            Objects.requireNonNull(service, "service");
        }

        @Override
        public String toString() {
            return "-A " + service;
        }
    }

    /**
     * {@code -E}: gives a service other settings, all of them.
     *
     * @param service the service
     */
    record EditService(ServiceRule service) implements Command {
        /** Refuses null. */
        public EditService {
            Objects.requireNonNull(service, "service");
        }

        @Override
        public String toString() {
            return "-E " + service;
        }
    }

    /**
     * {@code -D}.
     *
     * @param service which one
     */
    record DeleteService(ServiceAddress service) implements Command {
        /** Refuses null. */
        public DeleteService {
            Objects.requireNonNull(service, "service");
        }

        @Override
        public String toString() {
            return "-D " + service;
        }
    }

    /**
     * {@code -a}.
     *
     * @param service to which service
     * @param server the real server
     */
    record AddServer(ServiceAddress service, ServerRule server) implements Command {
        /** Refuses null. */
        public AddServer {
            Objects.requireNonNull(service, "service");
            Objects.requireNonNull(server, "server");
        }

        @Override
        public String toString() {
            return "-a " + service + " " + server;
        }
    }

    /**
     * {@code -e}: gives a server other settings, all of them.
     *
     * @param service of which service
     * @param server the real server
     */
    record EditServer(ServiceAddress service, ServerRule server) implements Command {
        /** Refuses null. */
        public EditServer {
            Objects.requireNonNull(service, "service");
            Objects.requireNonNull(server, "server");
        }

        @Override
        public String toString() {
            return "-e " + service + " " + server;
        }
    }

    /**
     * {@code -d}.
     *
     * @param service of which service
     * @param address the real server's address
     * @param port and port, 0..65535
     */
    record DeleteServer(ServiceAddress service, InetAddress address, int port) implements Command {
        /** Checks the port. */
        public DeleteServer {
            Objects.requireNonNull(service, "service");
            Objects.requireNonNull(address, "address");
            AddressText.requirePort(port);
        }

        @Override
        public String toString() {
            return "-d " + service + " -r " + AddressText.format(address, port);
        }
    }

    /** {@code -C}: removes all services. */
    record Clear() implements Command {
        @Override
        public String toString() {
            return "-C";
        }
    }

    /**
     * {@code -Z}: sets counters to 0.
     *
     * @param service of which service; empty = of all
     */
    record Zero(Optional<ServiceAddress> service) implements Command {
        /** Refuses null. */
        public Zero {
            Objects.requireNonNull(service, "service");
        }

        @Override
        public String toString() {
            return "-Z" + service.map(s -> " " + s).orElse("");
        }
    }
}
