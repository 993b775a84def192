package io.lvs4j.keepalived;

import io.lvs4j.AddressPrefix;
import io.lvs4j.keepalived.syntax.Position;
import io.lvs4j.vrrp.Announcements;
import io.lvs4j.vrrp.Authentication;
import io.lvs4j.vrrp.SyncGroup;
import io.lvs4j.vrrp.TrackFile;
import io.lvs4j.vrrp.TrackProcess;
import io.lvs4j.vrrp.TrackScript;
import io.lvs4j.vrrp.Tracked;
import io.lvs4j.vrrp.Tracking;
import io.lvs4j.vrrp.Transport;
import io.lvs4j.vrrp.UnicastPeer;
import io.lvs4j.vrrp.VirtualMac;
import io.lvs4j.vrrp.VirtualRouter;
import io.lvs4j.vrrp.VirtualRouter.Option;
import io.lvs4j.vrrp.VirtualRouterBuilder;
import io.lvs4j.vrrp.VrrpVersion;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;

/** Makes virtual routers that keepalived can say, the same for the same seed. */
final class RouterGenerator {
    private static final String[] WORDS = {"/bin/check", "a b", "\"", "x'y", "$", "#", "", "back\\slash"};

    private static final List<TrackProcess.Match> MATCHES =
            List.of(TrackProcess.Match.EXACT, TrackProcess.Match.PARTIAL, TrackProcess.Match.INITIAL);

    private final Random random;
    private final List<TrackScript> scripts = new ArrayList<>();
    private final List<TrackProcess> processes = new ArrayList<>();
    private final List<TrackFile> files = new ArrayList<>();

    RouterGenerator(long seed) {
        random = new Random(seed);
    }

    private boolean yes() {
        return random.nextInt(3) == 0;
    }

    private int weight(int most) {
        return yes() ? 0 : random.nextInt(2 * most + 1) - most;
    }

    /** {@return a configuration} */
    VrrpConfig config(int count) {
        for (int i = 0; i < 3; i++) {
            scripts.add(script("script" + i));
            processes.add(process("process" + i));
            files.add(new TrackFile("file" + i, "/tmp/" + i, weight(254), yes()));
        }
        List<ConfiguredRouter> routers = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            routers.add(new ConfiguredRouter(router(i), new Position("", 1, 1), notifications()));
        }
        List<ConfiguredGroup> groups = new ArrayList<>();
        if (count > 1) {
            List<String> names =
                    routers.stream().map(each -> each.router().name()).toList();
            groups.add(ConfiguredGroup.of(new SyncGroup("group", names, tracking(false), true)));
        }
        return new VrrpConfig(
                routers,
                groups,
                scripts,
                processes,
                files,
                List.of(),
                List.of(),
                List.of(),
                yes() ? Map.of("tracked", List.of("router1")) : Map.of());
    }

    private List<String> command() {
        List<String> command = new ArrayList<>(List.of("/usr/bin/program"));
        for (int i = random.nextInt(3); i > 0; i--) {
            command.add(WORDS[random.nextInt(WORDS.length)]);
        }
        return command;
    }

    private RouterScripts notifications() {
        Script script = new Script(
                command(), yes() ? Optional.of("nobody") : Optional.empty(), Optional.empty(), new Position("", 1, 1));
        RouterEvent[] all = RouterEvent.values();
        return new RouterScripts(yes() ? Map.of(all[random.nextInt(all.length)], script) : Map.of(), yes());
    }

    private TrackScript script(String name) {
        return new TrackScript(
                name,
                command(),
                Duration.ofSeconds(1 + random.nextInt(4294)),
                Duration.ofSeconds(1 + random.nextInt(4294)),
                1 + random.nextInt(9),
                1 + random.nextInt(9),
                weight(253),
                yes(),
                yes() ? Optional.of("nobody") : Optional.empty(),
                Optional.empty(),
                yes());
    }

    private TrackProcess process(String name) {
        boolean arguments = yes();
        int quorum = 1 + random.nextInt(5);
        return new TrackProcess(
                name,
                arguments ? List.of("nginx", "-g", "x") : List.of("nginx"),
                arguments ? MATCHES.get(random.nextInt(3)) : TrackProcess.Match.NONE,
                arguments || yes(),
                weight(254),
                yes(),
                quorum,
                yes() ? OptionalInt.of(quorum + random.nextInt(9)) : OptionalInt.empty(),
                yes() ? Duration.ofMillis(1 + random.nextInt(9999)) : Duration.ZERO,
                yes() ? Duration.ofMillis(1 + random.nextInt(9999)) : Duration.ZERO);
    }

    private Tracking tracking(boolean owner) {
        Tracking tracking = Tracking.none();
        if (yes()) {
            tracking = tracking.withInterface(new Tracked("lo", owner ? 0 : weight(253), yes()));
        }
        if (yes()) {
            tracking = tracking.withScript(new Tracked("script1", owner ? 0 : weight(253), yes()));
        }
        if (yes()) {
            tracking = tracking.withProcess(new Tracked("process2", owner ? 0 : weight(254), yes()));
        }
        return yes() ? tracking.withFile(new Tracked("file0", owner ? 0 : weight(254), yes())) : tracking;
    }

    private VirtualRouter router(int id) {
        boolean ipv6 = yes();
        boolean v3 = ipv6 || yes();
        boolean strict = yes();
        VirtualRouterBuilder router = VirtualRouter.builder()
                .name("router" + id)
                .virtualRouterId(id)
                .networkInterface("eth" + id)
                .version(v3 ? VrrpVersion.V3 : VrrpVersion.V2)
                .advertisementInterval(
                        v3
                                ? Duration.ofMillis(10L * (1 + random.nextInt(4095)))
                                : Duration.ofSeconds(1 + random.nextInt(255)))
                .priority(1 + random.nextInt(254))
                .trackInterface(yes())
                .tracking(tracking(false))
                .option(Option.STRICT, strict)
                .option(Option.ACCEPT, !strict && yes())
                .option(Option.LOWER_PRIORITY_NO_ADVERT, strict || yes())
                .option(Option.HIGHER_PRIORITY_SEND_ADVERT, !strict && yes())
                .option(Option.SKIP_ADDRESS_CHECK, yes())
                .downAfterAdverts(strict ? 3 : 1 + random.nextInt(100))
                .announcements(announcements(strict));
        for (int i = 0; i <= random.nextInt(4); i++) {
            router.address(ipv6 ? "fe80::" + id + ":" + (i + 1) + "/64" : "10.0." + id + "." + (i + 1) + "/24");
        }
        boolean unicast = yes();
        if (unicast) {
            router.transport(unicast(ipv6));
        }
        if (yes()) {
            router.virtualMac(new VirtualMac(
                    VirtualMac.Type.MAC,
                    yes() ? Optional.of("vrrp." + id) : Optional.empty(),
                    !strict && yes() ? Optional.of("02:00:00:00:0a:0" + id) : Optional.empty(),
                    Optional.empty(),
                    unicast && !strict));
            if (unicast && strict) {
                router.transport(Transport.multicast());
            }
        }
        if (!strict && !v3 && yes()) {
            router.authentication(new Authentication(Authentication.Type.PASS, "pass" + id));
        }
        if (yes()) {
            router.noPreempt();
        } else if (!strict && yes()) {
            router.preempt(Duration.ofMillis(random.nextInt(1_000_000)));
        }
        return router.build();
    }

    private Transport unicast(boolean ipv6) {
        int min = random.nextInt(100);
        return new Transport(
                Optional.of(address(ipv6 ? "fe80::1" : "10.9.0.1")),
                yes(),
                Optional.empty(),
                List.of(
                        UnicastPeer.of(address(ipv6 ? "fe80::2" : "10.9.0.2")),
                        new UnicastPeer(address(ipv6 ? "fe80::3" : "10.9.0.3"), min, min + random.nextInt(100))),
                yes() ? OptionalInt.of(random.nextInt(256)) : OptionalInt.empty(),
                true,
                yes() ? Optional.of(yes()) : Optional.empty(),
                Optional.empty(),
                yes(),
                yes() ? OptionalLong.of(random.nextInt(1 << 20)) : OptionalLong.empty());
    }

    private static InetAddress address(String text) {
        return AddressPrefix.parse(text).address();
    }

    private Announcements announcements(boolean strict) {
        return new Announcements(
                1 + random.nextInt(9),
                Duration.ofSeconds(random.nextInt(9)),
                Duration.ofSeconds(random.nextInt(999)),
                1 + random.nextInt(9),
                strict ? 0 : random.nextInt(9),
                strict ? Duration.ZERO : Duration.ofSeconds(random.nextInt(9)),
                Duration.ofSeconds(random.nextInt(99)));
    }
}
