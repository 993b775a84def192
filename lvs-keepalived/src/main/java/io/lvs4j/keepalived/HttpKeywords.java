package io.lvs4j.keepalived;

import io.lvs4j.check.CheckTiming;
import io.lvs4j.check.HealthCheck;
import io.lvs4j.check.HttpCheck;
import io.lvs4j.check.HttpUrl;
import io.lvs4j.check.StatusRange;
import io.lvs4j.check.Tls;
import io.lvs4j.keepalived.syntax.ScriptWords;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What may stand in {@code HTTP_GET} and {@code SSL_GET}. */
final class HttpKeywords {
    private static final Pattern STATUS = Pattern.compile("([0-9]{1,9})(?:-([0-9]{1,9}))?");
    private static final Pattern DIGEST = Pattern.compile("[0-9a-fA-F]{32}");
    private static final String NO_OFFSETS = "a pattern is searched for in the whole body";

    private static final Keywords<Url> URL = Keywords.<Url>in("url")
            .value("path", Value.text(), (url, path) -> url.path = path)
            .words("digest", 1, 1, HttpKeywords::digest)
            .once()
            .words("status_code", 0, Integer.MAX_VALUE, HttpKeywords::status)
            .adds()
            .alias("status")
            .value("virtualhost", Value.text(), (url, host) -> url.virtualHost = host)
            .words("regex", 0, Integer.MAX_VALUE, HttpKeywords::regex)
            .flag("regex_no_match", url -> url.absent = true)
            .words("regex_options", 0, Integer.MAX_VALUE, HttpKeywords::regexOptions)
            .adds()
            .words("regex_min_offset", 0, Integer.MAX_VALUE, (url, arguments) -> {})
            .notCarriedOut(NO_OFFSETS)
            .words("regex_max_offset", 0, Integer.MAX_VALUE, (url, arguments) -> {})
            .notCarriedOut(NO_OFFSETS)
            .words("regex_stack", 0, Integer.MAX_VALUE, (url, arguments) -> {})
            .notCarriedOut("patterns are searched for in bounded time by other means")
            .build();

    private static final Map<String, String> REGEX_OPTIONS =
            Map.of("caseless", "i", "dotall", "s", "multiline", "m", "extended", "x", "utf", "", "ucp", "U");

    /** Those of both: they differ in nothing else than TLS. */
    static final Keywords<Http> HTTP = table("HTTP_GET");

    static final Keywords<Http> SSL = table("SSL_GET");

    private HttpKeywords() {}

    private static Keywords<Http> table(String block) {
        return CheckKeywords.socket(Keywords.<Http>in(block))
                .value("nb_get_retry", Value.number(0, Value.MAX), (check, count) -> check.timing.retry = count)
                .refused("retry")
                .value("virtualhost", Value.text(), (check, host) -> check.virtualHost = host)
                .value(
                        "http_protocol",
                        Value.oneOf("1.0", "1.1", "1.0C", "1.0c"),
                        (check, version) -> check.version =
                                version.equals("1.1") ? HttpCheck.Version.HTTP_1_1 : HttpCheck.Version.HTTP_1_0)
                .bool("enable_sni", (check, yes) -> {})
                .bool("fast_recovery", (check, yes) -> check.fastRecovery = yes)
                .block("url", 0, 0, URL, (check, arguments) -> Optional.of(new Url()), HttpKeywords::add)
                .build();
    }

    private static void add(Http check, Url url, Arguments arguments) {
        if (url.path == null) {
            arguments.reading().error("missing-keyword", arguments.at(), "url has no path (expected: one)");
        } else {
            check.urls.add(url);
        }
    }

    /** Takes the check, if there is anything that it asks for. */
    static void end(ServerDraft server, Http check, Arguments arguments) {
        boolean hasUrl = arguments.statement().block().stream()
                .flatMap(block -> block.statements().stream())
                .anyMatch(statement -> statement.keyword().text().equals("url"));
        if (!hasUrl) {
            arguments
                    .reading()
                    .error("missing-keyword", arguments.at(), check.name + " has no url (expected: at least one)");
        } else if (!check.urls.isEmpty()) {
            CheckKeywords.add(server, check, arguments);
        }
    }

    private static void digest(Url url, Arguments arguments) {
        String text = arguments.word(0).text();
        if (DIGEST.matcher(text).matches()) {
            url.digest = text;
        } else {
            arguments.error("not-a-digest", 0, Reading.shown(text) + " (expected: 32 hexadecimal digits)");
        }
    }

    private static void status(Url url, Arguments arguments) {
        for (int i = 0; i < arguments.count(); i++) {
            String text = arguments.word(i).text();
            Matcher matcher = STATUS.matcher(text);
            if (matcher.matches()) {
                int first = Integer.parseInt(matcher.group(1));
                int last = matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2));
                if (first >= 100 && last <= 599 && first <= last) {
                    url.statuses.add(new StatusRange(first, last));
                    continue;
                }
            }
            arguments.error("out-of-range", i, Reading.shown(text) + " (expected: 100..599 or first-last)");
        }
    }

    private static void regex(Url url, Arguments arguments) {
        List<String> words = ScriptWords.parse(arguments.statement().rest()).orElse(List.of());
        if (words.size() == 1) {
            url.regex = words.get(0);
        } else {
            arguments
                    .reading()
                    .warning(
                            "ignored-setting",
                            arguments.at(),
                            "regex: " + words.size() + " words (expected: 1, quoted; it is ignored)");
        }
    }

    private static void regexOptions(Url url, Arguments arguments) {
        for (int i = 0; i < arguments.count(); i++) {
            String option = arguments.word(i).text();
            String flag = REGEX_OPTIONS.get(option);
            if (flag == null) {
                arguments
                        .reading()
                        .notCarriedOut(
                                "regex_options " + option,
                                arguments.word(i).at(),
                                "regex_options: " + Reading.shown(option)
                                        + " (carried out are caseless, dotall, multiline, extended, ucp and utf)");
            } else if (!url.flags.contains(flag)) {
                url.flags += flag;
            }
        }
    }

    /** {@code url}. */
    private static final class Url {
        private final List<StatusRange> statuses = new ArrayList<>();
        private @Nullable String path;
        private @Nullable String digest;
        private @Nullable String virtualHost;
        private @Nullable String regex;
        private String flags = "";
        private boolean absent;

        private Optional<String> pattern() {
            return Optional.ofNullable(regex)
                    .map(pattern -> flags.isEmpty() ? pattern : "(?" + flags + ")" + pattern)
                    .map(pattern -> absent ? "\\A(?![\\s\\S]*?(?:" + pattern + "))" : pattern);
        }

        private HttpUrl build() {
            return new HttpUrl(
                    java.util.Objects.requireNonNull(path),
                    statuses.isEmpty() ? List.of(new StatusRange(200, 299)) : statuses,
                    Optional.ofNullable(digest),
                    pattern(),
                    Optional.ofNullable(virtualHost));
        }
    }

    /** {@code HTTP_GET} or {@code SSL_GET}. */
    static final class Http extends CheckDraft {
        private final List<Url> urls = new ArrayList<>();
        private HttpCheck.Version version = HttpCheck.Version.HTTP_1_0;
        private @Nullable String virtualHost;

        Http(Arguments arguments) {
            super(arguments);
        }

        @Override
        Duration defaultDelayBeforeRetry() {
            return Duration.ofSeconds(3);
        }

        @Override
        HealthCheck build(CheckTiming timing, Optional<String> serverHost, Reading reading) {
            boolean tls = name.equals("SSL_GET");
            if (tls) {
                reading.notCarriedOut(
                        "SSL_GET certificates",
                        at,
                        "SSL_GET: certificates are not verified, as with keepalived, so that it proves only that a server answers");
            }
            return new HttpCheck(
                    urls.stream().map(Url::build).toList(),
                    version,
                    Optional.ofNullable(virtualHost).or(() -> serverHost),
                    Optional.empty(),
                    List.of(),
                    tls ? Tls.INSECURE : Tls.NONE,
                    target(),
                    timing);
        }
    }
}
