package io.lvs4j.ipvsadm;

import io.lvs4j.Protocol;
import io.lvs4j.keepalived.syntax.Position;
import java.net.InetAddress;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Reads the values of options. What cannot be read is told, and then nothing comes of it. */
final class OptionValues {
    private static final Pattern NUMBER = Pattern.compile("\\+?[0-9]+");
    private static final Pattern DIGITS_AND_DOTS = Pattern.compile("[0-9.]*");
    private static final int MAX_DIGITS = 15;
    private static final int MAX_NAME = 255;

    private final Names names;
    private final Findings findings;

    OptionValues(Names names, Findings findings) {
        this.names = names;
        this.findings = findings;
    }

    /**
     * An address, perhaps with a port.
     *
     * @param port empty = none was given
     */
    record Endpoint(InetAddress address, OptionalInt port) {}

    /** Reads {@code address}, {@code address:port}, {@code [IPv6 address]:port} or a bare IPv6 address. */
    Optional<Endpoint> endpoint(Words.Given given, Protocol protocol) {
        String text = given.value().orElse("");
        if (text.startsWith("[")) {
            int end = text.indexOf("]:");
            Optional<InetAddress> address = end < 0 ? Optional.empty() : AddressText.parseIpv6(text.substring(1, end));
            if (address.isEmpty()) {
                bad(given, "[IPv6 address]:port");
                return Optional.empty();
            }
            return withPort(given, address.get(), text.substring(end + 2), protocol);
        }
        Optional<InetAddress> bare = AddressText.parseIpv6(text);
        if (bare.isPresent()) {
            return Optional.of(new Endpoint(bare.get(), OptionalInt.empty()));
        }
        int colon = text.lastIndexOf(':');
        Optional<InetAddress> address = host(colon < 0 ? text : text.substring(0, colon));
        if (address.isEmpty()) {
            bad(given, "address:port or [IPv6 address]:port, and no names but those that are known");
            return Optional.empty();
        }
        return colon < 0
                ? Optional.of(new Endpoint(address.get(), OptionalInt.empty()))
                : withPort(given, address.get(), text.substring(colon + 1), protocol);
    }

    private Optional<InetAddress> host(String text) {
        Optional<InetAddress> literal = AddressText.parseIpv4(text);
        boolean name = literal.isEmpty()
                && text.length() <= MAX_NAME
                && text.indexOf(':') < 0
                && !DIGITS_AND_DOTS.matcher(text).matches();
        return name ? names.host(text) : literal;
    }

    private Optional<Endpoint> withPort(Words.Given given, InetAddress address, String text, Protocol protocol) {
        OptionalLong number = parse(text);
        Optional<Long> port = number.isPresent()
                ? Optional.of(number.getAsLong())
                : text.isEmpty() || text.length() > MAX_NAME
                        ? Optional.empty()
                        : names.port(text, protocol).map(Integer::longValue);
        if (port.isEmpty() || port.get() < 0 || port.get() > 65535) {
            bad(given, "a port, 0..65535, at the end");
            return Optional.empty();
        }
        return Optional.of(new Endpoint(address, OptionalInt.of(port.get().intValue())));
    }

    /** Reads a whole number; {@code otherwise} if the option was not given or its value is told to be wrong. */
    int number(Optional<Words.Given> given, int least, int greatest, int otherwise) {
        return given.flatMap(option -> number(option, least, greatest))
                .map(Long::intValue)
                .orElse(otherwise);
    }

    /** Reads a whole number. */
    Optional<Long> number(Words.Given given, long least, long greatest) {
        OptionalLong number = parse(given.value().orElse(""));
        if (number.isEmpty() || number.getAsLong() < least || number.getAsLong() > greatest) {
            bad(given, least + ".." + greatest);
            return Optional.empty();
        }
        return Optional.of(number.getAsLong());
    }

    private static OptionalLong parse(String text) {
        if (text.length() > MAX_DIGITS || !NUMBER.matcher(text).matches()) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(Long.parseLong(text));
    }

    /** Reads a dotted IPv4 mask into its 32 bits. Like ipvsadm's it may have ones after zeros. */
    Optional<Integer> ipv4Mask(Words.Given given) {
        Optional<InetAddress> mask = AddressText.parseIpv4(given.value().orElse(""));
        if (mask.isEmpty()) {
            bad(given, "a dotted netmask such as 255.255.255.0, the service is IPv4");
            return Optional.empty();
        }
        int bits = 0;
        for (byte part : mask.get().getAddress()) {
            bits = (bits << Byte.SIZE) | (part & 0xff);
        }
        return Optional.of(bits);
    }

    /** Reads names such as {@code sh-port,sh-fallback} into a sum of 1, 2 and 4. */
    int flags(Words.Given given, String scheduler) {
        int flags = 0;
        for (String name : given.value().orElse("").split(",", -1)) {
            if (name.isEmpty()) {
                continue;
            }
            int flag = switch (name) {
                case "sh-fallback", "mh-fallback", "flag-1" -> 1;
                case "sh-port", "mh-port", "flag-2" -> 2;
                case "flag-3" -> 4;
                default -> 0;
            };
            boolean others = !name.startsWith("flag-") && !name.startsWith(scheduler + "-");
            if (flag == 0 || others) {
                findings.error(
                        "bad-value",
                        given.at(),
                        given.option() + ": " + Findings.quoted(name) + " with scheduler " + Findings.quoted(scheduler)
                                + " (expected: sh-fallback or sh-port with sh, mh-fallback or mh-port with mh, or flag-1,"
                                + " flag-2, flag-3)");
            }
            flags |= flag;
        }
        return flags;
    }

    private void bad(Words.Given given, String expected) {
        bad(given.option(), given.value().orElse("nothing"), given.at(), expected);
    }

    void bad(Option option, String value, Position at, String expected) {
        findings.error("bad-value", at, option + ": " + Findings.quoted(value) + " (expected: " + expected + ")");
    }
}
