package io.lvs4j.examples;

import io.lvs4j.check.CheckBuilder;
import io.lvs4j.check.HealthCheck;
import io.lvs4j.check.HttpCheck;
import io.lvs4j.check.TcpCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say how the health of real servers is known. */
final class CheckOptions {
    private static final String DEFAULT_DELAY_LOOP = "6s";

    @Option(
            names = "--check",
            paramLabel = "<check>",
            description = {
                "How a real server shows that it is well; may be given more than once, all must pass.",
                "  tcp            it accepts a connection",
                "  http:/path     GET answers with a status of 200 to 299",
                "  https:/path    the same over TLS; the certificate must be valid for the server",
                "Default: none, real servers always count as up."
            })
    private List<String> checks = new ArrayList<>();

    @Option(
            names = "--delay-loop",
            paramLabel = "<duration>",
            description = "From one attempt to the next. Default: " + DEFAULT_DELAY_LOOP + " (the library's: 60s).")
    private @Nullable String delayLoop;

    @Option(
            names = "--check-timeout",
            paramLabel = "<duration>",
            description = "For a whole attempt: connect, TLS, question and answer. Default: 5s.")
    private @Nullable String timeout;

    @Option(
            names = "--retries",
            paramLabel = "<number>",
            description = "Extra attempts before a real server is down. Default: 1.")
    private @Nullable String retries;

    @Option(
            names = "--retry-delay",
            paramLabel = "<duration>",
            description = "From a failed attempt to the next. Default: 1s, for http and https 3s.")
    private @Nullable String retryDelay;

    @Option(
            names = "--rise",
            paramLabel = "<number>",
            description = "Passes in a row that bring a real server back. Default: 1.")
    private @Nullable String rise;

    /** Returns the checks. Without any, the timing is looked at for mistakes all the same. */
    List<HealthCheck> parse() {
        timed(TcpCheck.builder());
        return checks.stream().map(this::parse).toList();
    }

    private HealthCheck parse(String check) {
        if (check.equals("tcp")) {
            return timed(TcpCheck.builder()).build();
        }
        if (check.startsWith("http:/")) {
            return timed(BadInput.parse("--check", check, text -> HttpCheck.httpGet(path(text))))
                    .build();
        }
        if (check.startsWith("https:/")) {
            return timed(BadInput.parse("--check", check, text -> HttpCheck.sslGet(path(text))))
                    .build();
        }
        throw new BadInput("--check", check, "tcp, http:/path or https:/path");
    }

    private static String path(String check) {
        return check.substring(check.indexOf(':') + 1);
    }

    private <B extends CheckBuilder<B>> B timed(B builder) {
        String interval = delayLoop == null ? DEFAULT_DELAY_LOOP : delayLoop;
        set("--delay-loop", interval, text -> builder.delayLoop(Durations.parse("--delay-loop", text)));
        set("--check-timeout", timeout, text -> builder.connectTimeout(Durations.parse("--check-timeout", text)));
        set("--retries", retries, text -> builder.retries(Numbers.parse("--retries", text, 0, 1000)));
        set("--retry-delay", retryDelay, text -> builder.delayBeforeRetry(Durations.parse("--retry-delay", text)));
        set("--rise", rise, text -> builder.rise(Numbers.parse("--rise", text, 1, 1000)));
        return builder;
    }

    private static void set(String option, @Nullable String value, Function<String, CheckBuilder<?>> setter) {
        if (value != null) {
            BadInput.parse(option, value, setter);
        }
    }
}
