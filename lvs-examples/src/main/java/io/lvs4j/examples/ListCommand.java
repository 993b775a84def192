package io.lvs4j.examples;

import io.lvs4j.ipvsadm.Listing;
import io.lvs4j.netlink.Ipvs;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists the kernel's table. */
@Command(
        name = "list",
        description = "Lists the kernel's virtual services as ipvsadm -Ln does.",
        mixinStandardHelpOptions = true,
        versionProvider = Lvs.Version.class,
        sortOptions = false)
final class ListCommand implements Callable<Integer> {
    @Option(
            names = {"-c", "--connection"},
            description = "Connections instead of services.")
    private boolean connections;

    @Option(names = "--stats", description = "What has passed.")
    private boolean stats;

    @Option(names = "--rate", description = "What passes a second.")
    private boolean rate;

    @Option(names = "--thresholds", description = "Limits of real servers.")
    private boolean thresholds;

    @Option(names = "--persistent-conn", description = "How many persistence templates there are.")
    private boolean persistent;

    @Option(names = "--exact", description = "With --stats or --rate: numbers in full.")
    private boolean exact;

    @Option(
            names = {"-n", "--numeric"},
            description = "Nothing: addresses are always written as numbers.")
    @SuppressWarnings("UnusedVariable") // it is there because everybody types -Ln
    private boolean numeric;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        String what = what();
        try (Ipvs ipvs = Ipvs.open()) {
            spec.commandLine()
                    .getOut()
                    .print(
                            what.equals("--connection")
                                    ? Listing.connections(ipvs.connections())
                                    : listing(what)
                                            .text(KernelTable.listing(ipvs).sorted()));
        }
        spec.commandLine().getOut().flush();
        return Lvs.OK;
    }

    private String what() {
        List<String> chosen = new ArrayList<>();
        add(connections, "--connection", chosen);
        add(stats, "--stats", chosen);
        add(rate, "--rate", chosen);
        add(thresholds, "--thresholds", chosen);
        add(persistent, "--persistent-conn", chosen);
        if (chosen.size() > 1) {
            throw new BadInput("options", String.join(" ", chosen), "one of them");
        }
        if (exact && !stats && !rate) {
            throw new BadInput("--exact", "set", "only with --stats or --rate");
        }
        return chosen.isEmpty() ? "" : chosen.get(0);
    }

    private static void add(boolean set, String option, List<String> chosen) {
        if (set) {
            chosen.add(option);
        }
    }

    private Listing listing(String what) {
        return switch (what) {
            case "--stats" -> exact ? Listing.STATS_EXACT : Listing.STATS;
            case "--rate" -> exact ? Listing.RATE_EXACT : Listing.RATE;
            case "--thresholds" -> Listing.THRESHOLDS;
            case "--persistent-conn" -> Listing.PERSISTENT_CONN;
            default -> Listing.TABLE;
        };
    }
}
