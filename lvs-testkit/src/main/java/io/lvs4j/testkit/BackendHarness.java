package io.lvs4j.testkit;

import io.lvs4j.ListenAddress;
import io.lvs4j.ServerKey;
import io.lvs4j.spi.Backend;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * What {@link BackendContract} and {@link PoolContract} need to know about a backend: how to make one, and how to be its
 * clients and servers.
 */
public interface BackendHarness extends AutoCloseable {

    /** {@return a new backend that has not been started} */
    Backend createBackend();

    /** {@return an address that nobody listens on} */
    ListenAddress freeListenAddress();

    /** {@return a real server that accepts connections until the harness is closed} */
    ServerKey startServer();

    /**
     * Connects to a service.
     *
     * @param client the client's address, in 127.0.0.0/8
     * @param service where to
     * @return the connection once a real server has it, or empty if it was refused or reset
     */
    Optional<Connection> connect(InetAddress client, ListenAddress service);

    /**
     * Lets time pass for timers that go by another clock than the director's, such as the kernel's. The suite moves the
     * director's clock itself. Does nothing by default.
     *
     * @param time how long, since the last connection was made
     */
    default void letPass(Duration time) {}

    /** {@return how much before a timeout {@link #letPass} may still be told to end} */
    default Duration precision() {
        return Duration.ofMillis(1);
    }

    /** {@return whether the backend knows how many clients it has refused} */
    default boolean countsRefused() {
        return true;
    }

    /** {@return whether the backend knows whose connections it carries, and can list them} */
    default boolean listsConnections() {
        return true;
    }

    /**
     * {@return the address that the backend sees a client at}
     *
     * @param client the client's address, in 127.0.0.0/8
     */
    default InetAddress seenAs(InetAddress client) {
        return client;
    }

    /** Ends servers and connections that are left. */
    @Override
    void close();

    /** A client's connection. */
    interface Connection extends AutoCloseable {
        /** {@return the real server that has it} */
        ServerKey server();

        /** {@return whether it still carries data to the server and back} */
        boolean works();

        /** Ends it from the client's side. */
        @Override
        void close();
    }
}
