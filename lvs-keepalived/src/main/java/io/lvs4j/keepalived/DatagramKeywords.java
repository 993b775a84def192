package io.lvs4j.keepalived;

import io.lvs4j.check.CheckTiming;
import io.lvs4j.check.DnsCheck;
import io.lvs4j.check.HealthCheck;
import io.lvs4j.check.UdpCheck;
import io.lvs4j.check.UdpReply;
import io.lvs4j.keepalived.syntax.Word;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What may stand in {@code DNS_CHECK} and {@code UDP_CHECK}. */
final class DatagramKeywords {
    private static final int LONGEST_REPLY = 65535;
    private static final Map<String, Optional<DnsCheck.Type>> TYPES = Map.of(
            "A", Optional.of(DnsCheck.Type.A),
            "NS", Optional.of(DnsCheck.Type.NS),
            "CNAME", Optional.of(DnsCheck.Type.CNAME),
            "SOA", Optional.of(DnsCheck.Type.SOA),
            "MX", Optional.of(DnsCheck.Type.MX),
            "TXT", Optional.of(DnsCheck.Type.TXT),
            "AAAA", Optional.of(DnsCheck.Type.AAAA),
            "RRSIG", Optional.empty(),
            "DNSKEY", Optional.empty());

    static final Keywords<Dns> DNS = CheckKeywords.socket(Keywords.<Dns>in("DNS_CHECK"))
            .words("type", 1, 1, DatagramKeywords::type)
            .words("name", 1, 1, DatagramKeywords::name)
            .once()
            .build();

    static final Keywords<Udp> UDP = CheckKeywords.socket(Keywords.<Udp>in("UDP_CHECK"))
            .words(
                    "payload",
                    1,
                    Integer.MAX_VALUE,
                    (check, arguments) -> hex(arguments, false).ifPresent(hex -> check.payload = hex.digits()))
            .words(
                    "require_reply",
                    0,
                    Integer.MAX_VALUE,
                    (check, arguments) -> check.reply = arguments.count() == 0
                            ? new Hex("", "")
                            : hex(arguments, true).orElse(check.reply))
            .value("min_reply_length", Value.integer(0, LONGEST_REPLY), (check, length) -> check.shortest = length)
            .notCarriedOut("a reply may be of any length")
            .value("max_reply_length", Value.integer(0, LONGEST_REPLY), (check, length) -> check.longest = length)
            .notCarriedOut("a reply may be of any length")
            .build();

    private DatagramKeywords() {}

    private static void type(Dns check, Arguments arguments) {
        Word word = arguments.word(0);
        Word upper = new Word(word.text().toUpperCase(Locale.ROOT), word.at(), word.quoted());
        Value.oneOf(TYPES).parse("type", upper, arguments.reading()).ifPresent(type -> {
            check.type = type.orElse(DnsCheck.Type.SOA);
            if (type.isEmpty()) {
                arguments
                        .reading()
                        .notCarriedOut(
                                "type " + upper.text(),
                                word.at(),
                                "type: " + upper.text() + " is not asked for, but SOA");
            }
        });
    }

    private static void name(Dns check, Arguments arguments) {
        String name = arguments.word(0).text();
        if ((name.startsWith(".") && name.length() > 1) || name.contains("..")) {
            arguments.error("not-a-name", 0, Reading.shown(name) + " (expected: a domain name without an empty label)");
        } else {
            check.question = name;
        }
    }

    /**
     * Bytes as hexadecimal digits, and which of their bits count.
     */
    private record Hex(String digits, String mask) {}

    /** {@return bytes, with or without blanks between them; {@code x} is a digit that does not count} */
    private static Optional<Hex> hex(Arguments arguments, boolean wildcards) {
        String text = arguments.words().stream().map(Word::text).collect(Collectors.joining(" "));
        StringBuilder digits = new StringBuilder();
        StringBuilder mask = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            if (each == ' ' || each == '\t') {
                continue;
            }
            boolean alone = i + 1 == text.length() || text.charAt(i + 1) == ' ';
            if (alone) {
                digits.append('0');
                mask.append('f');
            }
            for (int j = i; j <= (alone ? i : i + 1); j++) {
                char digit = text.charAt(j);
                boolean any = wildcards && (digit == 'x' || digit == 'X');
                if (!any && Character.digit(digit, 16) < 0) {
                    arguments.error("not-hexadecimal", 0, Reading.shown(text) + " (expected: hexadecimal digits)");
                    return Optional.empty();
                }
                digits.append(any ? '0' : digit);
                mask.append(any ? '0' : 'f');
            }
            i += alone ? 0 : 1;
        }
        if (digits.isEmpty()) {
            arguments.error("not-hexadecimal", 0, "nothing (expected: hexadecimal digits)");
            return Optional.empty();
        }
        return Optional.of(new Hex(digits.toString(), mask.toString()));
    }

    /** Takes the check. */
    static void end(ServerDraft server, Udp check, Arguments arguments) {
        if (check.shortest > check.longest) {
            arguments
                    .reading()
                    .error(
                            "contradiction",
                            arguments.at(),
                            "UDP_CHECK: min_reply_length " + check.shortest + " (expected: at most max_reply_length, "
                                    + check.longest + ")");
        }
        CheckKeywords.add(server, check, arguments);
    }

    /** {@code DNS_CHECK}. */
    static final class Dns extends CheckDraft {
        private DnsCheck.Type type = DnsCheck.Type.SOA;
        private String question = ".";

        Dns(Arguments arguments) {
            super(arguments);
        }

        @Override
        int defaultRetries() {
            return 3;
        }

        @Override
        @Nullable
        Duration defaultDelayBeforeRetry() {
            return null;
        }

        @Override
        HealthCheck build(CheckTiming timing, Optional<String> virtualHost, Reading reading) {
            return new DnsCheck(question, type, target(), timing);
        }
    }

    /** {@code UDP_CHECK}. */
    static final class Udp extends CheckDraft {
        private String payload = "00";
        private @Nullable Hex reply;
        private int shortest;
        private int longest = 255;

        Udp(Arguments arguments) {
            super(arguments);
        }

        @Override
        HealthCheck build(CheckTiming timing, Optional<String> virtualHost, Reading reading) {
            Optional<UdpReply> required =
                    Optional.ofNullable(reply).map(hex -> new UdpReply(hex.digits(), hex.mask(), false));
            return new UdpCheck(payload, required, target(), timing);
        }
    }
}
