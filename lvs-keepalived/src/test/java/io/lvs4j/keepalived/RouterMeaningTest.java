package io.lvs4j.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.vrrp.Tracked;
import io.lvs4j.vrrp.VirtualAddress;
import io.lvs4j.vrrp.VirtualRouter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compares what generated virtual routers mean with what a keepalived in a network namespace says that they mean: priority, identity,
 * version, interval, preemption, addresses and what they look at. Needs root.
 */
@Tag("size")
class RouterMeaningTest {
    private static final int FILES = Integer.getInteger("lvs.keepalived.meanings", 30);

    private static final Pattern SETTING = Pattern.compile(" +([A-Za-z ]+?) = (.*)");
    private static final List<String> LISTS = List.of(
            "Virtual IP",
            "Virtual IP Excluded",
            "Tracked interfaces",
            "Tracked scripts",
            "Tracked files",
            "Tracked processes");

    @TempDir
    Path directory;

    @Test
    void generatedRoutersMeanTheSame(TestReporter reporter) throws Exception {
        int compared = 0;
        List<String> different = new ArrayList<>();
        try (HostWithInterfaces host = new HostWithInterfaces()) {
            for (int seed = 0; seed < FILES; seed++) {
                List<String> lines = new VrrpGenerator(seed).valid();
                if (lines.stream().anyMatch(line -> line.contains("use_vmac"))) {
                    continue; // keepalived makes another interface, and names that
                }
                Path file = Files.write(directory.resolve("keepalived.conf"), lines);
                compared++;
                String at = "seed " + seed;
                difference(host, file).ifPresent(difference -> different.add(at + difference));
            }
        }
        reporter.publishEntry("routers", compared + " compared, different " + different.size());
        assertThat(compared).isGreaterThan(FILES / 3);
        assertThat(different).as(() -> String.join("\n", different)).isEmpty();
    }

    private Optional<String> difference(HostWithInterfaces host, Path file) throws IOException, InterruptedException {
        List<String> theirs =
                theirs(InstalledKeepalived.dump(file, "--vrrp", "------< Interfaces >------", host.within()));
        List<String> ours = KeepalivedConfig.read(file, ReadOptions.STRICT).vrrp().routers().stream()
                .flatMap(each -> ours(each.router()).stream())
                .toList();
        if (Files.readAllLines(file).stream().anyMatch(line -> line.startsWith("vrrp_sync_group"))) {
            // keepalived begins all routers of a group as BACKUP if one of them does
            theirs = theirs.stream()
                    .filter(line -> !line.startsWith("Wantstate"))
                    .toList();
            ours = ours.stream().filter(line -> !line.startsWith("Wantstate")).toList();
        }
        return ours.equals(theirs)
                ? Optional.empty()
                : Optional.of("\n  keepalived " + theirs + "\n  here       " + ours);
    }

    private static List<String> ours(VirtualRouter router) {
        List<String> lines = new ArrayList<>();
        lines.add("VRRP Instance " + router.name());
        lines.add("VRRP Version " + router.version().number());
        lines.add("Wantstate " + router.initialState());
        lines.add("Virtual Router ID " + router.virtualRouterId());
        lines.add("Priority " + router.priority());
        lines.add("Advert interval " + router.advertisementInterval().toMillis());
        lines.add("Preempt " + (router.preempt() ? "enabled" : "disabled"));
        addresses("Virtual IP", router.addresses(), router, lines);
        addresses("Virtual IP Excluded", router.excludedAddresses(), router, lines);
        tracked("Tracked interfaces", router.tracking().interfaces(), lines);
        tracked("Tracked scripts", router.tracking().scripts(), lines);
        tracked("Tracked files", router.tracking().files(), lines);
        tracked("Tracked processes", router.tracking().processes(), lines);
        return lines;
    }

    private static void tracked(String title, List<Tracked> all, List<String> lines) {
        for (Tracked each : all) {
            lines.add(title + " " + each.name() + " weight " + each.weight() + (each.reverse() ? " reverse" : ""));
        }
    }

    private static void addresses(String title, List<VirtualAddress> all, VirtualRouter router, List<String> lines) {
        for (VirtualAddress each : all) {
            StringBuilder line =
                    new StringBuilder(title + " " + each.address().getHostAddress() + "/" + each.prefixLength());
            each.broadcast().ifPresent(address -> line.append(" brd ").append(address.getHostAddress()));
            line.append(" dev ")
                    .append(each.device().or(router::networkInterface).orElse("none"));
            line.append(" scope ").append(each.scope());
            each.label().ifPresent(label -> line.append(" label ").append(label));
            each.peer().ifPresent(peer -> line.append(" peer ").append(peer.getHostAddress()));
            each.flags().stream().sorted().forEach(flag -> line.append(' ').append(flag.word()));
            line.append(each.tracked() ? "" : " no_track");
            if (each.family() == io.lvs4j.AddressFamily.INET6) {
                line.append(each.preferredLifetime()
                        .map(time -> time.isZero() ? " deprecated" : " preferred_lft " + time.toSeconds())
                        .orElse(" preferred_lft forever"));
            }
            lines.add(line.toString());
        }
    }

    /** {@return what keepalived says, in the same form and order} */
    private static List<String> theirs(List<String> dump) throws UnknownHostException {
        List<String> lines = new ArrayList<>();
        boolean routers = false;
        String list = "";
        for (String line : dump) {
            if (line.contains("------<")) {
                routers = line.contains("VRRP Topology");
            } else if (routers && line.startsWith("     ")) {
                if (list.startsWith("Virtual IP")) {
                    lines.add(list + " " + address(line.strip()));
                } else if (!list.isEmpty()) {
                    lines.add(list + " " + line.strip().replace(",", ""));
                }
            } else if (routers) {
                String title = line.strip().replaceFirst("( \\([0-9]+\\))? ?:$", "");
                list = LISTS.contains(title) ? title : "";
                setting(line, lines);
            }
        }
        return lines;
    }

    private static void setting(String line, List<String> lines) {
        Matcher matcher = SETTING.matcher(line);
        if (!matcher.matches()) {
            return;
        }
        String value = matcher.group(2);
        switch (matcher.group(1)) {
            case "VRRP Instance", "VRRP Version", "Wantstate", "Virtual Router ID", "Priority", "Preempt" ->
                lines.add(matcher.group(1) + " " + value);
            case "Advert interval" ->
                lines.add("Advert interval "
                        + (value.endsWith(" sec") ? value.replace(" sec", "000") : value.replace(" milli-sec", "")));
            default -> {}
        }
    }

    private static String address(String text) throws UnknownHostException {
        String[] words = text.split(" ", 2);
        String[] parts = words[0].split("/");
        InetAddress address = InetAddress.getByName(parts[0]);
        String length = parts.length > 1 ? parts[1] : String.valueOf(address.getAddress().length * 8);
        StringBuilder line = new StringBuilder(address.getHostAddress() + "/" + length);
        String before = "";
        for (String word : words[1].split(" ")) {
            switch (before) {
                case "scope" ->
                    line.append(' ')
                            .append(RouteNames.SCOPES
                                    .find(word)
                                    .map(String::valueOf)
                                    .orElse(word));
                case "peer" ->
                    line.append(' ')
                            .append(InetAddress.getByName(word.replaceFirst("/.*", ""))
                                    .getHostAddress());
                default -> line.append(' ').append(word);
            }
            before = word;
        }
        return line.toString();
    }
}
