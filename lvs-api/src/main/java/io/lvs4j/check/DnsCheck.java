package io.lvs4j.check;

import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;

/**
 * Passes when a DNS server answers a question over UDP without an error (keepalived's {@code DNS_CHECK}): the answer bears our
 * id and our question, and its code is NOERROR, whether or not it holds records. NXDOMAIN fails. What bears another id or
 * question is ignored, as it may come from anybody.
 *
 * @param name the name to ask for, without a final dot; {@code .} is the root
 * @param type the type of record to ask for
 * @param target whom to ask, and from where
 * @param timing when to ask
 */
public record DnsCheck(String name, Type type, CheckTarget target, CheckTiming timing) implements HealthCheck {

    private static final int MAX_NAME = 253;
    private static final int MAX_LABEL = 63;

    /** A type of record (RFC 1035 section 3.2.2, RFC 3596, RFC 2782). */
    public enum Type {
        /** An IPv4 address. */
        A(1),
        /** A name server. */
        NS(2),
        /** The canonical name of an alias. */
        CNAME(5),
        /** The start of a zone of authority. */
        SOA(6),
        /** A pointer, for the names of addresses. */
        PTR(12),
        /** A mail exchange. */
        MX(15),
        /** Text. */
        TXT(16),
        /** An IPv6 address. */
        AAAA(28),
        /** A service. */
        SRV(33);

        private final int code;

        Type(int code) {
            this.code = code;
        }

        /** {@return the number that stands for it in messages} */
        public int code() {
            return code;
        }

        /**
         * {@return the type of a name, in upper or lower case}
         *
         * @param text such as {@code AAAA}
         * @throws IllegalArgumentException if there is none of that name here
         */
        public static Type parse(String text) {
            for (Type type : values()) {
                if (type.name().equals(text.toUpperCase(Locale.ROOT))) {
                    return type;
                }
            }
            throw new IllegalArgumentException(
                    "type: " + text + " (expected: one of " + Arrays.toString(values()) + ")");
        }
    }

    /** Checks the name. */
    public DnsCheck {
        name = checkName(name);
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(timing, "timing");
    }

    private static String checkName(String name) {
        if (name.equals(".")) {
            return name;
        }
        String plain = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        boolean fits = plain.length() <= MAX_NAME && plain.chars().allMatch(c -> c > ' ' && c < 0x7f);
        for (String label : plain.split("\\.", -1)) {
            fits = fits && !label.isEmpty() && label.length() <= MAX_LABEL;
        }
        if (!fits) {
            throw new IllegalArgumentException("name: " + name
                    + " (expected: . or a domain name of at most 253 printable ASCII characters, labels of 1..63)");
        }
        return plain;
    }

    /** {@return a check with keepalived's defaults: who is responsible for the root} */
    public static DnsCheck create() {
        return builder().build();
    }

    /**
     * {@return a builder with keepalived's defaults: SOA of the root, every 60 s, timeout 5 s, 3 retries, each after the delay
     * loop}
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public String describe() {
        return "dns " + name + " " + type;
    }

    /** Collects the settings of a DNS check. Not thread-safe. */
    public static final class Builder extends SocketCheckBuilder<Builder> {
        private String name = ".";
        private Type type = Type.SOA;

        private Builder() {
            super(3, null);
        }

        @Override
        Builder self() {
            return this;
        }

        /**
         * Sets the name to ask for. Default: the root.
         *
         * @param name a domain name in ASCII, with or without a final dot
         * @return this
         */
        public Builder name(String name) {
            this.name = checkName(name);
            return this;
        }

        /**
         * Sets the type of record to ask for. Default: SOA.
         *
         * @param type the type
         * @return this
         */
        public Builder type(Type type) {
            this.type = Objects.requireNonNull(type, "type");
            return this;
        }

        /** {@return the check} */
        public DnsCheck build() {
            return new DnsCheck(name, type, target(), timing());
        }
    }
}
