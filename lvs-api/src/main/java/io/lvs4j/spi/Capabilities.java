package io.lvs4j.spi;

import io.lvs4j.AccessList;
import io.lvs4j.ConnectionLimits;
import io.lvs4j.ForwardingMethod;
import io.lvs4j.OutlierDetection;
import io.lvs4j.Persistence;
import io.lvs4j.Protocol;
import io.lvs4j.ProxyProtocol;
import io.lvs4j.RealServer;
import io.lvs4j.ServerNames;
import io.lvs4j.ServiceKey;
import io.lvs4j.UnsupportedSettingException;
import io.lvs4j.VirtualService;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a backend can honour.
 *
 * @param protocols the transport protocols it carries
 * @param schedulers the schedulers it knows, in the order in which to list them
 * @param forwardingMethods the forwarding methods it can do
 * @param features what else it can do
 */
public record Capabilities(
        Set<Protocol> protocols,
        List<String> schedulers,
        Set<ForwardingMethod.Kind> forwardingMethods,
        Set<Feature> features) {

    /** Something that not every backend can do. */
    public enum Feature {
        /** Serves packets by firewall mark. */
        FIREWALL_MARK,
        /** Runs schedulers of the embedder's own. */
        CUSTOM_SCHEDULER,
        /** Schedules each UDP datagram by itself. */
        ONE_PACKET_SCHEDULING,
        /** Knows a key of the embedder's per flow, for {@link Persistence.By#KEY}. */
        PERSISTENCE_BY_KEY,
        /** Rewrites to a given source, for {@link ForwardingMethod#fullNat(java.net.InetAddress)}. */
        FULL_NAT_SOURCE,
        /** Sends and accepts PROXY headers, for {@link ProxyProtocol}. */
        PROXY_PROTOCOL,
        /** Admits clients by address, for {@link AccessList}. */
        ACCESS_LIST,
        /** Keeps to {@link ConnectionLimits}. */
        CONNECTION_LIMITS,
        /** Reads the server name of TLS clients, for {@link ServerNames} and {@link Persistence.By#SERVER_NAME}. */
        SERVER_NAME,
        /** Counts connections that servers refused, did not answer or reset, for {@link OutlierDetection}. */
        CONNECT_FAILURES
    }

    /** Copies the collections. */
    public Capabilities {
        protocols = Set.copyOf(protocols);
        schedulers = List.copyOf(schedulers);
        forwardingMethods = Set.copyOf(forwardingMethods);
        features = Set.copyOf(features);
    }

    /**
     * Refuses a description that the backend cannot honour, before anything changes.
     *
     * @param backend the backend's name, for the message
     * @param service the description
     * @throws UnsupportedSettingException if it cannot, naming the setting, the backend and what it can do
     */
    public void require(String backend, VirtualService service) {
        if (service.key() instanceof ServiceKey.Listening listening) {
            requireOneOf("protocol", listening.protocol(), protocols, backend, service);
        } else if (!features.contains(Feature.FIREWALL_MARK)) {
            throw new UnsupportedSettingException(
                    "firewallMark", service.key().toString(), backend, "listen addresses", service.key());
        }
        if (service.scheduling().isKernels() || !features.contains(Feature.CUSTOM_SCHEDULER)) {
            requireOneOf("scheduler", service.scheduling().name(), schedulers, backend, service);
        }
        if (service.onePacketScheduling() && !features.contains(Feature.ONE_PACKET_SCHEDULING)) {
            throw new UnsupportedSettingException(
                    "onePacketScheduling", "on", backend, "off; ipvs has it, it is missing", service.key());
        }
        service.persistence().ifPresent(persistence -> requireKey(persistence.by(), backend, service));
        if (!service.serverNames().equals(ServerNames.none()) && !features.contains(Feature.SERVER_NAME)) {
            throw new UnsupportedSettingException(
                    "serverNames",
                    service.serverNames().toString(),
                    backend,
                    "none; netty has them, it is missing",
                    service.key());
        }
        if (!service.proxyProtocol().equals(ProxyProtocol.none()) && !features.contains(Feature.PROXY_PROTOCOL)) {
            throw new UnsupportedSettingException(
                    "proxyProtocol",
                    service.proxyProtocol().toString(),
                    backend,
                    "none; netty has it, an embedder and the kernel know the client's address without it; it is missing",
                    service.key());
        }
        if (service.poolRules().outlierDetection().isPresent() && !features.contains(Feature.CONNECT_FAILURES)) {
            throw new UnsupportedSettingException(
                    "outlierDetection",
                    service.poolRules().outlierDetection().get().toString(),
                    backend,
                    "none; netty and headless count failed connections, elsewhere health checks find them; it is missing",
                    service.key());
        }
        requireAdmission(backend, service);
        requireOneOf("forwarding", service.forwarding().kind(), forwardingMethods, backend, service);
        requireSource("forwarding", service.forwarding(), backend, service);
        for (RealServer server : service.allServers()) {
            requireOneOf(
                    "forwarding of " + server.key(),
                    service.forwardingOf(server).kind(),
                    forwardingMethods,
                    backend,
                    service);
            requireSource("forwarding of " + server.key(), service.forwardingOf(server), backend, service);
        }
    }

    private void requireAdmission(String backend, VirtualService service) {
        if (!service.access().equals(AccessList.everybody()) && !features.contains(Feature.ACCESS_LIST)) {
            throw new UnsupportedSettingException(
                    "access",
                    service.access().toString(),
                    backend,
                    "everybody; netty has it, the kernel's packet filter and an embedder can admit clients themselves; it"
                            + " is missing",
                    service.key());
        }
        if (service.limits().limited() && !features.contains(Feature.CONNECTION_LIMITS)) {
            throw new UnsupportedSettingException(
                    "limits",
                    service.limits().toString(),
                    backend,
                    "none but the servers' upper thresholds; netty has it, the kernel's packet filter and an embedder can"
                            + " limit clients themselves; it is missing",
                    service.key());
        }
    }

    private void requireKey(Persistence.By by, String backend, VirtualService service) {
        boolean can = switch (by) {
            case CLIENT_ADDRESS -> true;
            case KEY -> features.contains(Feature.PERSISTENCE_BY_KEY);
            case SERVER_NAME -> features.contains(Feature.SERVER_NAME);
        };
        if (!can) {
            throw new UnsupportedSettingException(
                    "persistence",
                    "by " + by.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                    backend,
                    "persistence by client address",
                    service.key());
        }
    }

    private void requireSource(String setting, ForwardingMethod method, String backend, VirtualService service) {
        if (method instanceof ForwardingMethod.FullNat fullNat
                && fullNat.source().isPresent()
                && !features.contains(Feature.FULL_NAT_SOURCE)) {
            throw new UnsupportedSettingException(
                    setting, method.toString(), backend, "full-nat without a source", service.key());
        }
    }

    private static <T> void requireOneOf(
            String setting, T value, Collection<T> allowed, String backend, VirtualService service) {
        if (!allowed.contains(value)) {
            String list =
                    "one of " + allowed.stream().map(Object::toString).sorted().collect(Collectors.joining(", "));
            throw new UnsupportedSettingException(setting, value.toString(), backend, list, service.key());
        }
    }
}
