package io.lvs4j.vrrp;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * What VRRP version 2 proves itself with. Neither type protects against anybody on the network.
 *
 * @param type how
 * @param password 1..8 bytes
 */
public record Authentication(Type type, String password) {
    private static final int LONGEST = 8;

    /** How adverts are authenticated. */
    public enum Type {
        /** The password is sent as it is. */
        PASS,
        /** The IPsec authentication header, IPv4 only. */
        AH
    }

    /** Checks the password. */
    public Authentication {
        Objects.requireNonNull(type, "type");
        int length = Objects.requireNonNull(password, "password").getBytes(StandardCharsets.UTF_8).length;
        if (length == 0 || length > LONGEST) {
            throw new IllegalArgumentException("password: " + length + " bytes (expected: 1.." + LONGEST + ")");
        }
    }

    /** {@return the type alone: logs are read by many} */
    @Override
    public String toString() {
        return type.toString();
    }
}
