package io.lvs4j;

import io.lvs4j.check.HealthCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A real server of a virtual service: its key and its settings.
 *
 * @param key address and port
 * @param weight its share, 0..65535; 0 = quiesced: it keeps its connections and gets no new ones
 * @param upperThreshold its limit: it gets no new connections from this many on, 0 = no limit; see {@link ConnectionLimits} for
 *     those of services and clients
 * @param lowerThreshold it gets new ones again below this many; 0 = below three quarters of {@code upperThreshold}
 * @param priority 0..255; it stands by while one with a smaller number is up and has weight, see {@link Builder#priority}
 * @param inhibitOnFailure whether it stays in the pool with weight 0 when it fails, whatever the service says
 * @param forwarding how it is reached; empty = as the service says
 * @param healthChecks how its health is known; empty = as the service says
 */
public record RealServer(
        ServerKey key,
        int weight,
        int upperThreshold,
        int lowerThreshold,
        int priority,
        boolean inhibitOnFailure,
        Optional<ForwardingMethod> forwarding,
        List<HealthCheck> healthChecks) {

    /** The greatest weight, the kernel's limit. */
    public static final int MAX_WEIGHT = 65535;

    private static final int MAX_PRIORITY = 255;

    /** Checks the ranges. */
    public RealServer {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(forwarding, "forwarding");
        healthChecks = List.copyOf(healthChecks);
        checkWeight(weight);
        checkPriority(priority);
        if (upperThreshold < 0) {
            throw new IllegalArgumentException("upperThreshold: " + upperThreshold + " (expected: 0..2147483647)");
        }
        if (lowerThreshold < 0 || lowerThreshold > upperThreshold) {
            throw new IllegalArgumentException("lowerThreshold: " + lowerThreshold
                    + " (expected: 0..upperThreshold, which is " + upperThreshold + ")");
        }
    }

    static void checkWeight(int weight) {
        if (weight < 0 || weight > MAX_WEIGHT) {
            throw new IllegalArgumentException("weight: " + weight + " (expected: 0.." + MAX_WEIGHT + ")");
        }
    }

    private static void checkPriority(int priority) {
        if (priority < 0 || priority > MAX_PRIORITY) {
            throw new IllegalArgumentException("priority: " + priority + " (expected: 0.." + MAX_PRIORITY + ")");
        }
    }

    /**
     * {@return a server with weight 1}
     *
     * @param address an IPv4 or IPv6 literal
     * @param port 1..65535
     */
    public static RealServer of(String address, int port) {
        return builder(address, port).build();
    }

    /**
     * {@return a builder with weight 1, no thresholds and the service's checks}
     *
     * @param address an IPv4 or IPv6 literal
     * @param port 1..65535
     */
    public static Builder builder(String address, int port) {
        return builder(ServerKey.of(address, port));
    }

    /**
     * {@return a builder with weight 1, no thresholds and the service's checks}
     *
     * @param key address and port
     */
    public static Builder builder(ServerKey key) {
        return new Builder(key);
    }

    /** {@return a builder that starts from this server's settings} */
    public Builder toBuilder() {
        Builder builder =
                new Builder(key).weight(weight).upperThreshold(upperThreshold).lowerThreshold(lowerThreshold);
        builder.priority = priority;
        builder.inhibitOnFailure = inhibitOnFailure;
        builder.forwarding = forwarding.orElse(null);
        builder.healthChecks.addAll(healthChecks);
        return builder;
    }

    /**
     * {@return this server with another weight, or this very server if the weight is the same}
     *
     * @param newWeight 0..65535
     */
    public RealServer withWeight(int newWeight) {
        return newWeight == weight ? this : toBuilder().weight(newWeight).build();
    }

    RealServer withKey(ServerKey newKey) {
        return new RealServer(
                newKey, weight, upperThreshold, lowerThreshold, priority, inhibitOnFailure, forwarding, healthChecks);
    }

    @Override
    public String toString() {
        return key + " weight " + weight
                + (upperThreshold == 0 ? "" : " threshold " + lowerThreshold + ".." + upperThreshold)
                + (priority == 0 ? "" : " priority " + priority)
                + (inhibitOnFailure ? " inhibit" : "")
                + forwarding.map(method -> " " + method).orElse("")
                + (healthChecks.isEmpty() ? "" : " checks " + healthChecks);
    }

    /** Collects a server's settings. Not thread-safe. */
    public static final class Builder {
        private final ServerKey key;
        private int weight = 1;
        private int upperThreshold;
        private int lowerThreshold;
        private int priority;
        private boolean inhibitOnFailure;
        private @Nullable ForwardingMethod forwarding;
        private final List<HealthCheck> healthChecks = new ArrayList<>();

        private Builder(ServerKey key) {
            this.key = Objects.requireNonNull(key, "key");
        }

        /**
         * Sets the share of new connections. Default 1.
         *
         * @param weight 0..65535, 0 = quiesced
         * @return this
         */
        public Builder weight(int weight) {
            checkWeight(weight);
            this.weight = weight;
            return this;
        }

        /**
         * Sets the number of connections from which on the server gets no new ones. Default 0 = no limit.
         *
         * @param connections 0..2147483647
         * @return this
         */
        public Builder upperThreshold(int connections) {
            this.upperThreshold = connections;
            return this;
        }

        /**
         * Sets the number of connections below which a full server gets new ones again. Default 0 = three quarters of the
         * upper threshold.
         *
         * @param connections 0..upper threshold
         * @return this
         */
        public Builder lowerThreshold(int connections) {
            this.lowerThreshold = connections;
            return this;
        }

        /**
         * Sets when the server's turn is: of the servers that are up and have weight, those with the smallest number serve, and
         * the others stand by as backups. One that returns with a smaller number takes over again; connections go on, but UDP
         * flows that the netty backend carries move over. Default 0.
         *
         * @param priority 0..255
         * @return this
         */
        public Builder priority(int priority) {
            checkPriority(priority);
            this.priority = priority;
            return this;
        }

        /**
         * Keeps this server in the pool with weight 0 when it fails, as {@link PoolRulesBuilder#inhibitOnFailure} does for all.
         *
         * @return this
         */
        public Builder inhibitOnFailure() {
            this.inhibitOnFailure = true;
            return this;
        }

        /**
         * Sets how this server is reached, if not as the service says.
         *
         * @param method the forwarding method
         * @return this
         */
        public Builder forwarding(ForwardingMethod method) {
            this.forwarding = Objects.requireNonNull(method, "forwarding");
            return this;
        }

        /**
         * Adds a check of this server. A server with checks of its own does not get the service's.
         *
         * @param check the check; the server is up while all of its checks pass
         * @return this
         */
        public Builder healthCheck(HealthCheck check) {
            this.healthChecks.add(Objects.requireNonNull(check, "healthCheck"));
            return this;
        }

        /**
         * {@return the server}
         *
         * @throws IllegalArgumentException if the thresholds contradict each other
         */
        public RealServer build() {
            return new RealServer(
                    key,
                    weight,
                    upperThreshold,
                    lowerThreshold,
                    priority,
                    inhibitOnFailure,
                    Optional.ofNullable(forwarding),
                    healthChecks);
        }
    }
}
