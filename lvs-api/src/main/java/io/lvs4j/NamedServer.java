package io.lvs4j;

import java.net.InetAddress;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Real servers that a name stands for: one for each of its addresses, with the same port and settings. A director looks the name up
 * again when its time to live has passed. Each address is a server by itself: those that stay keep everything, new ones join, and
 * those that are gone are drained. A lookup that fails changes nothing.
 *
 * @param host a host name, not an address
 * @param settings the settings of each server, and the port; the address stands for those of the name
 */
public record NamedServer(String host, RealServer settings) {
    private static final String PLACEHOLDER = "192.0.2.1"; // for documentation only, RFC 5737
    private static final Pattern NAME = Pattern.compile("(?=.{1,253}$)([A-Za-z0-9_]([A-Za-z0-9_-]{0,62})\\.?)+");
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+");

    /** Checks the name. */
    public NamedServer {
        Objects.requireNonNull(settings, "settings");
        if (!NAME.matcher(host).matches() || ADDRESS.matcher(host).matches()) {
            throw new IllegalArgumentException(
                    "real server name: " + host + " (expected: a host name, such as app.example.com)");
        }
    }

    static NamedServer of(String host, int port, Consumer<RealServer.Builder> settings) {
        RealServer.Builder builder = RealServer.builder(PLACEHOLDER, port);
        settings.accept(builder);
        return new NamedServer(host, builder.build());
    }

    /** {@return the port of all its servers} */
    public int port() {
        return settings.key().port();
    }

    ServerKey key(InetAddress address) {
        return new ServerKey(address, port());
    }

    RealServer at(ServerKey key) {
        return settings.withKey(key);
    }

    @Override
    public String toString() {
        return host + ":"
                + settings.toString().substring(settings.key().toString().lastIndexOf(':') + 1);
    }
}
