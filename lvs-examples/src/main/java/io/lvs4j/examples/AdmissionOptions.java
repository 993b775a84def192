package io.lvs4j.examples;

import io.lvs4j.ConnectionLimits;
import io.lvs4j.VirtualService;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say who gets into a service, and how many. */
final class AdmissionOptions {
    private static final String UNLIMITED = "unlimited";

    @Option(
            names = "--allow",
            paramLabel = "<network,...>",
            description =
                    "Serves clients of these networks only, such as 10.0.0.0/8,fd00::/8; may be given more than once."
                            + " Default: everybody.")
    private List<String> allow = new ArrayList<>();

    @Option(
            names = "--deny",
            paramLabel = "<network,...>",
            description = "Serves no clients of these networks, whatever is allowed; may be given more than once."
                    + " Default: nobody is denied.")
    private List<String> deny = new ArrayList<>();

    @Option(
            names = "--max-connections",
            paramLabel = "<connections>",
            description = "How many connections (over UDP: flows) there may be at a time. Default: no limit.")
    private @Nullable String perService;

    @Option(
            names = "--max-connections-per-source",
            paramLabel = "<connections>",
            description = "How many of them one source may have: an IPv4 address or an IPv6 /64. Default: no limit.")
    private @Nullable String perSource;

    @Option(
            names = "--max-new-per-second-per-source",
            paramLabel = "<rate>",
            description =
                    "How many connections one source may open a second: N[,burst=B], where B come at once after a pause."
                            + " Default: no limit; B is N.")
    private @Nullable String newPerSource;

    /** Sets what was given. */
    void apply(VirtualService.Builder service) {
        for (String networks : allow) {
            BadInput.parse("--allow", networks, text -> service.allow(text.split(",", -1)));
        }
        for (String networks : deny) {
            BadInput.parse("--deny", networks, text -> service.deny(text.split(",", -1)));
        }
        service.limits(limits());
    }

    private ConnectionLimits limits() {
        ConnectionLimits limits = ConnectionLimits.defaults();
        if (perService != null) {
            ConnectionLimits before = limits;
            limits = BadInput.parse(
                    "--max-connections", perService, text -> before.withPerService(limit("connections", text)));
        }
        if (perSource != null) {
            ConnectionLimits before = limits;
            limits = BadInput.parse(
                    "--max-connections-per-source",
                    perSource,
                    text -> before.withPerSource(limit("connections", text)));
        }
        if (newPerSource != null) {
            ConnectionLimits before = limits;
            limits = BadInput.parse(
                    "--max-new-per-second-per-source", newPerSource, text -> before.withNewPerSource(rate(text)));
        }
        return limits;
    }

    private static int limit(String setting, String text) {
        return text.equals(UNLIMITED)
                ? ConnectionLimits.UNLIMITED
                : Numbers.parse(setting, text, 1, ConnectionLimits.UNLIMITED - 1);
    }

    /** Parses {@code 20} or {@code 20,burst=100}. */
    private static ConnectionLimits.Rate rate(String text) {
        int comma = text.indexOf(',');
        if (comma < 0) {
            return ConnectionLimits.Rate.of(limit("connections per second", text));
        }
        String burst = text.substring(comma + 1);
        if (!burst.startsWith("burst=")) {
            throw new BadInput("setting", burst, "burst=");
        }
        return new ConnectionLimits.Rate(
                limit("connections per second", text.substring(0, comma)),
                Numbers.parse("burst", burst.substring("burst=".length()), 1, ConnectionLimits.Rate.MAX));
    }
}
