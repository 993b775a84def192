package io.lvs4j;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which service carries a TLS connection, by the server name that its ClientHello asks for (SNI): HAProxy's {@code use_backend
 * ... if { req_ssl_sni -i name }}. TLS is not terminated, and the server gets every byte that the client sent.
 *
 * <p>The other service belongs to the same director. It carries the connection as if its own listener had accepted it: with its
 * servers, scheduler, persistence, limits, timeouts and counters; its own routes are not followed any further. The service that it
 * came to is asked first whether it lets the client in, and counts it until its name is known. It may be added,
 * and removed, at any time: while there is none, connections to its names are reset and {@linkplain
 * ServiceSnapshot#refusals counted}, and so are those that do not begin with a whole and valid ClientHello in time.
 *
 * <p>A connection with a name that is not listed, or without a name, stays with the service that it came to, unless {@linkplain
 * #withOthersRefused others are refused}.
 *
 * @param routes the services' keys by name, in lower case: {@code auth.example.org}, or {@code *.example.org} for every name with
 *     exactly one label more; a name by itself goes before a wildcard
 * @param othersRefused whether connections with other names, or without one, are reset
 * @param helloTimeout how long to wait for the whole ClientHello, 1 s..10 min
 */
public record ServerNames(Map<String, ServiceKey> routes, boolean othersRefused, Duration helloTimeout) {
    /** The timeout unless said otherwise: 3 s. */
    public static final Duration DEFAULT_HELLO_TIMEOUT = Duration.ofSeconds(3);

    private static final Duration LEAST_HELLO_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration GREATEST_HELLO_TIMEOUT = Duration.ofMinutes(10);
    private static final int MAX_NAME = 255;
    private static final int MAX_LABEL = 63;
    private static final ServerNames NONE = new ServerNames(Map.of(), false, DEFAULT_HELLO_TIMEOUT);

    /** Refuses names that no ClientHello can have, services that are not over TCP, and timeouts out of range. */
    public ServerNames {
        Map<String, ServiceKey> checked = new LinkedHashMap<>();
        routes.forEach((name, service) -> {
            if (checked.put(checkedName(name), checkedService(name, service)) != null) {
                throw new IllegalArgumentException("server name: " + name + " (expected: each name once)");
            }
        });
        routes = Map.copyOf(checked);
        if (othersRefused && routes.isEmpty()) {
            throw new IllegalArgumentException(
                    "server names: others refused without a route (expected: a route, else nobody is served)");
        }
        if (helloTimeout.compareTo(LEAST_HELLO_TIMEOUT) < 0 || helloTimeout.compareTo(GREATEST_HELLO_TIMEOUT) > 0) {
            throw new IllegalArgumentException("hello timeout: " + helloTimeout + " (expected: PT1S..PT10M)");
        }
    }

    private static String checkedName(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        String fixed = lower.startsWith("*.") ? lower.substring(2) : lower;
        if (!isName(fixed)) {
            throw new IllegalArgumentException(
                    "server name: " + name
                            + " (expected: a DNS name such as auth.example.org or *.example.org, international ones as xn--...)");
        }
        return lower;
    }

    private static ServiceKey checkedService(String name, ServiceKey service) {
        Objects.requireNonNull(service, "service");
        if (!(service instanceof ServiceKey.Listening listening) || listening.protocol() != Protocol.TCP) {
            throw new IllegalArgumentException(
                    "service of server name " + name + ": " + service + " (expected: the key of a TCP service)");
        }
        return service;
    }

    /** {@return no routes: everything stays where it came to} */
    public static ServerNames none() {
        return NONE;
    }

    /**
     * {@return whether a text is a name that a ClientHello may ask for: labels of 1..63 lower-case letters, digits and inner
     * hyphens between dots, 255 characters at most, and no IP address}
     *
     * @param name the text
     */
    public static boolean isName(String name) {
        int length = name.length();
        if (length == 0 || length > MAX_NAME) {
            return false;
        }
        int label = 0; // where it begins
        boolean digitsOnly = true;
        for (int i = 0; i <= length; i++) {
            char c = i == length ? '.' : name.charAt(i);
            if (c == '.') {
                if (i == label || i - label > MAX_LABEL || name.charAt(label) == '-' || name.charAt(i - 1) == '-') {
                    return false;
                }
                if (i < length) {
                    label = i + 1;
                    digitsOnly = true;
                }
            } else if ((c >= 'a' && c <= 'z') || c == '-') {
                digitsOnly = false;
            } else if (c < '0' || c > '9') {
                return false;
            }
        }
        return !digitsOnly; // no top-level domain is a number, but the last part of an IPv4 address is
    }

    /**
     * {@return a copy with one more route}
     *
     * @param name such as {@code auth.example.org} or {@code *.example.org}, in any case
     * @param service the key of a TCP service of the same director; the service's own key = it stays
     */
    public ServerNames withRoute(String name, ServiceKey service) {
        String key = checkedName(name);
        Map<String, ServiceKey> more = new LinkedHashMap<>(routes);
        if (more.put(key, service) != null) {
            throw new IllegalArgumentException("server name: " + name + " (expected: each name once)");
        }
        return new ServerNames(more, othersRefused, helloTimeout);
    }

    /** {@return a copy that resets connections with names that are not listed, or without one} */
    public ServerNames withOthersRefused() {
        return new ServerNames(routes, true, helloTimeout);
    }

    /**
     * {@return a copy with another timeout}
     *
     * @param timeout 1 s..10 min
     */
    public ServerNames withHelloTimeout(Duration timeout) {
        return new ServerNames(routes, othersRefused, timeout);
    }

    /**
     * {@return the service that carries connections to a name; empty if it is not listed}
     *
     * @param name in lower case; null = the connection has none
     */
    public Optional<ServiceKey> route(@Nullable String name) {
        if (name == null) {
            return Optional.empty();
        }
        ServiceKey exact = routes.get(name);
        int dot = name.indexOf('.');
        return Optional.ofNullable(exact != null || dot < 0 ? exact : routes.get("*" + name.substring(dot)));
    }

    @Override
    public String toString() {
        return routes.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(route -> route.getKey() + " to " + route.getValue())
                        .collect(Collectors.joining(", ", "names ", ""))
                + (othersRefused ? ", others refused" : "");
    }
}
