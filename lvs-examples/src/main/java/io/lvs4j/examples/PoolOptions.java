package io.lvs4j.examples;

import io.lvs4j.FlapDamping;
import io.lvs4j.OutlierDetection;
import io.lvs4j.VirtualService;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say what health, weights and time make of the real servers. */
final class PoolOptions {
    @Option(
            names = "--quorum",
            paramLabel = "<weight[,hysteresis]>",
            description = {
                "How much the servers that are up must weigh together: lost below weight - hysteresis, gained from",
                "weight + hysteresis on. Events tell; --sorry-server serves while it is lost. Default: 1,0."
            })
    private @Nullable String quorum;

    @Option(
            names = "--sorry-server",
            paramLabel = "<server>",
            description = "Who serves, alone and unchecked, while the quorum is lost. Default: whoever can.")
    private @Nullable String sorryServer;

    @Option(
            names = "--alpha",
            description =
                    "Holds real servers down until they have passed every check once. Default: they are up at once.")
    private boolean alpha;

    @Option(
            names = "--omega",
            description = "Tells the end of the service as the end of its servers and its quorum, too.")
    private boolean omega;

    @Option(
            names = "--inhibit-on-failure",
            description = "Keeps real servers that fail with weight 0. Default: they leave the pool.")
    private boolean inhibitOnFailure;

    @Option(
            names = "--slow-start",
            paramLabel = "<duration>",
            description = {
                "How long a server that returns or is added takes to get all of its weight, 1s..1h. Default: no time.",
                "Weights of 10 or more let it grow in ten steps; rr, lc and dh do not look at weights."
            })
    private @Nullable String slowStart;

    @Option(
            names = "--panic-threshold",
            paramLabel = "<percent>",
            description =
                    "Below this share of servers that are up, those that failed serve as well. Default: 0, never.")
    private @Nullable String panicThreshold;

    @Option(
            names = "--max-depool",
            paramLabel = "<percent>",
            description = "How many of the servers checks may take out at a time. Default: 100, all.")
    private @Nullable String maxDepool;

    @Option(
            names = "--flap-damping",
            paramLabel = "<hold-down[,longest]>",
            description = {
                "How long the checks of a server that failed must pass before it is back; it doubles with each failure",
                "up to the longest. Default: no time; the longest is ten times the first."
            })
    private @Nullable String flapDamping;

    @Option(
            names = "--outlier-detection",
            description = {
                "Takes servers out, for 30s to 5m, that 5 connections and half of the attempts failed to within 10s,",
                "be they refused, not answered or reset, at most a tenth of them at a time. On the netty backend. Default:",
                "only checks do."
            })
    private boolean outlierDetection;

    void apply(VirtualService.Builder service) {
        set("--quorum", quorum, text -> quorum(service, text));
        set("--sorry-server", sorryServer, text -> service.sorryServer(ServiceOptions.server(text)));
        set("--slow-start", slowStart, text -> service.slowStart(Durations.parse("--slow-start", text)));
        set(
                "--panic-threshold",
                panicThreshold,
                text -> service.panicThreshold(Numbers.parse("--panic-threshold", text, 0, 100)));
        set("--max-depool", maxDepool, text -> service.maxDepool(Numbers.parse("--max-depool", text, 0, 100)));
        set("--flap-damping", flapDamping, text -> service.flapDamping(flapDamping(text)));
        if (alpha) {
            service.alpha();
        }
        if (omega) {
            service.omega();
        }
        if (inhibitOnFailure) {
            service.inhibitOnFailure();
        }
        if (outlierDetection) {
            service.outlierDetection(OutlierDetection.defaults());
        }
    }

    private static void set(String option, @Nullable String value, Function<String, VirtualService.Builder> setter) {
        if (value != null) {
            BadInput.parse(option, value, setter);
        }
    }

    /** Parses {@code 3} or {@code 3,1}. */
    private static VirtualService.Builder quorum(VirtualService.Builder service, String text) {
        int comma = text.indexOf(',');
        if (comma < 0) {
            return service.quorum(Numbers.parse("quorum", text, 1, Integer.MAX_VALUE));
        }
        return service.quorum(
                Numbers.parse("quorum", text.substring(0, comma), 1, Integer.MAX_VALUE),
                Numbers.parse("hysteresis", text.substring(comma + 1), 0, Integer.MAX_VALUE));
    }

    /** Parses {@code 10s} or {@code 10s,2m}. */
    private static FlapDamping flapDamping(String text) {
        String[] parts = text.split(",", 2);
        var first = Durations.parse("hold-down", parts[0]);
        var longest = parts.length > 1 ? Durations.parse("longest", parts[1]) : first.multipliedBy(10);
        return new FlapDamping(first, longest);
    }
}
