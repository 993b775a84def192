package io.lvs4j.keepalived;

import io.lvs4j.AddressFamily;
import io.lvs4j.ForwardingMethod;
import io.lvs4j.ForwardingMethod.Encapsulation;
import io.lvs4j.ListenAddress;
import io.lvs4j.Persistence;
import io.lvs4j.Protocol;
import io.lvs4j.RealServer;
import io.lvs4j.SchedulerFlag;
import io.lvs4j.Scheduling;
import io.lvs4j.ServerKey;
import io.lvs4j.VirtualService;
import io.lvs4j.check.CheckTarget;
import io.lvs4j.check.CheckTiming;
import io.lvs4j.check.DnsCheck;
import io.lvs4j.check.FileCheck;
import io.lvs4j.check.HealthCheck;
import io.lvs4j.check.HttpCheck;
import io.lvs4j.check.HttpUrl;
import io.lvs4j.check.MiscCheck;
import io.lvs4j.check.PingCheck;
import io.lvs4j.check.SmtpCheck;
import io.lvs4j.check.StatusRange;
import io.lvs4j.check.TcpCheck;
import io.lvs4j.check.Tls;
import io.lvs4j.check.UdpCheck;
import io.lvs4j.check.UdpReply;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;

/** Makes services of all that keepalived can say, in the form in which they are read. */
final class ServiceGenerator {
    private static final List<String> ODD = List.of(
            "plain",
            "two words",
            "it's",
            "say \"hi\"",
            "back\\slash",
            "a#b",
            "wow!",
            "{",
            "}",
            "a,b=c",
            "é",
            "$x",
            "~",
            "x  y");

    private final Random random;

    ServiceGenerator(long seed) {
        random = new Random(seed);
    }

    private <T> T oneOf(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private boolean sometimes() {
        return random.nextInt(4) == 0;
    }

    private InetAddress address(AddressFamily family, int network, int number) {
        String text = family == AddressFamily.INET
                ? network + ".0." + number / 200 + "." + (1 + number % 200)
                : "fd" + network + "::" + Integer.toHexString(1 + number);
        return Addresses.parse(text).orElseThrow();
    }

    VirtualService service(int number) {
        AddressFamily family = oneOf(List.of(AddressFamily.values()));
        VirtualService.Builder service = VirtualService.builder();
        ForwardingMethod method = ForwardingMethod.masquerade();
        int port = 1 + random.nextInt(65535);
        if (random.nextInt(5) == 0) {
            service.firewallMark(1 + number, family);
        } else {
            Protocol protocol = oneOf(List.of(Protocol.values()));
            service.protocol(protocol);
            int addresses = sometimes() ? 3 : 1;
            for (int i = 0; i < addresses; i++) {
                service.listen(new ListenAddress(address(family, 10, number * 3 + i), port, port));
            }
            if (sometimes()) {
                method = oneOf(List.of(
                        ForwardingMethod.directRouting(),
                        ForwardingMethod.tunnel(Encapsulation.IPIP),
                        ForwardingMethod.tunnel(Encapsulation.GUE),
                        ForwardingMethod.tunnel(Encapsulation.GRE)));
            }
            if (protocol == Protocol.UDP && sometimes()) {
                service.onePacketScheduling();
            }
        }
        service.forwarding(method).scheduling(scheduling());
        if (sometimes()) {
            Persistence persistence = Persistence.of(Duration.ofSeconds(1 + random.nextInt(100_000)));
            int prefix = 1 + random.nextInt(32);
            service.persistence(
                    family == AddressFamily.INET
                            ? persistence.withIpv4PrefixLength(prefix)
                            : persistence.withIpv6PrefixLength(prefix * 4));
        }
        servers(service, family, method, port);
        return service.build();
    }

    private Scheduling scheduling() {
        String name = oneOf(Scheduling.names());
        List<SchedulerFlag> flags = new ArrayList<>();
        if (name.equals("sh") || name.equals("mh")) {
            for (String flag : List.of("-port", "-fallback")) {
                if (random.nextBoolean()) {
                    flags.add(SchedulerFlag.parse(name + flag));
                }
            }
        }
        return Scheduling.of(name).withFlags(flags.toArray(SchedulerFlag[]::new));
    }

    private void servers(VirtualService.Builder service, AddressFamily family, ForwardingMethod method, int port) {
        boolean samePort = method.kind() != ForwardingMethod.Kind.MASQUERADE;
        boolean alpha = sometimes();
        boolean inhibit = sometimes();
        int count = 1 + random.nextInt(3);
        int weights = 0;
        for (int i = 0; i < count; i++) {
            int weight = 1 + random.nextInt(100);
            weights += weight;
            RealServer.Builder server = RealServer.builder(
                            new ServerKey(address(family, 11, i), samePort ? port : 1 + random.nextInt(65535)))
                    .weight(weight);
            if (sometimes()) {
                server.upperThreshold(10 + random.nextInt(1000)).lowerThreshold(random.nextInt(10));
            }
            if (!inhibit && sometimes()) {
                server.inhibitOnFailure();
            }
            for (int checks = random.nextInt(3); checks > 0; checks--) {
                server.healthCheck(check(alpha, family));
            }
            if (sometimes()) { // one of a server, because they have their timing from it
                server.healthCheck(new FileCheck(Path.of("/run/" + random.nextInt(3)), false, timing(alpha, false)));
            }
            service.realServer(server.build());
        }
        if (sometimes()) {
            int quorum = 1 + random.nextInt(weights);
            service.quorum(quorum, random.nextInt(quorum));
        }
        if (alpha) {
            service.alpha();
        }
        if (sometimes()) {
            service.omega();
        }
        if (inhibit) {
            service.inhibitOnFailure();
        }
        if (sometimes()) {
            RealServer.Builder sorry = RealServer.builder(new ServerKey(address(family, 12, 0), port));
            if (!inhibit && sometimes()) {
                sorry.inhibitOnFailure();
            }
            service.sorryServer(sorry.build());
        }
    }

    private CheckTiming timing(boolean alphaOfAll, boolean http) {
        return new CheckTiming(
                time(),
                Duration.ofMillis(1 + random.nextInt(600_000)),
                random.nextInt(10),
                time(),
                1,
                time(),
                !alphaOfAll && random.nextBoolean(),
                http && random.nextBoolean());
    }

    private Duration time() {
        return Duration.ofMillis(1).plusNanos(1000L * random.nextInt(1_000_000_000));
    }

    private CheckTarget target(AddressFamily family, boolean ports) {
        return new CheckTarget(
                sometimes() ? Optional.of(address(family, 13, 1)) : Optional.empty(),
                ports && sometimes() ? OptionalInt.of(1 + random.nextInt(65535)) : OptionalInt.empty(),
                sometimes() ? Optional.of(address(family, 14, 1)) : Optional.empty(),
                ports && sometimes() ? OptionalInt.of(1 + random.nextInt(65535)) : OptionalInt.empty(),
                sometimes() ? OptionalLong.of(1 + random.nextInt(9)) : OptionalLong.empty());
    }

    private HealthCheck check(boolean alpha, AddressFamily family) {
        CheckTiming timing = timing(alpha, false);
        return switch (random.nextInt(7)) {
            case 0 -> new TcpCheck(target(family, true), timing);
            case 1 -> new PingCheck(target(family, false), timing);
            case 2 -> new SmtpCheck("mail.example.org", target(family, true), timing);
            case 3 ->
                new DnsCheck(
                        "www.example.org",
                        oneOf(List.of(DnsCheck.Type.A, DnsCheck.Type.AAAA, DnsCheck.Type.SOA, DnsCheck.Type.MX)),
                        target(family, true),
                        timing);
            case 4 -> new UdpCheck("00ff12", reply(), target(family, true), timing);
            case 5 -> misc(timing);
            default -> http(timing(alpha, true), family);
        };
    }

    private Optional<UdpReply> reply() {
        return oneOf(List.of(
                Optional.empty(),
                Optional.of(new UdpReply("", "", false)),
                Optional.of(new UdpReply("0a0b", "ffff", false)),
                Optional.of(new UdpReply("0a00", "fff0", false))));
    }

    private MiscCheck misc(CheckTiming timing) {
        List<String> command = new ArrayList<>(List.of("/usr/bin/check"));
        for (int i = random.nextInt(3); i > 0; i--) {
            command.add(oneOf(ODD));
        }
        Duration timeout = Duration.ofSeconds(1 + random.nextInt(500));
        return new MiscCheck(
                command,
                random.nextBoolean(),
                new CheckTiming(
                        timing.delayLoop(),
                        timeout,
                        timing.retries(),
                        timing.delayBeforeRetry(),
                        1,
                        timing.warmup(),
                        timing.alpha(),
                        false));
    }

    private HttpCheck http(CheckTiming timing, AddressFamily family) {
        List<HttpUrl> urls = new ArrayList<>();
        for (int i = 1 + random.nextInt(2); i > 0; i--) {
            urls.add(new HttpUrl(
                    oneOf(List.of("/", "/a?b=c&d", "/x#y", "/wow!", "/{1}")),
                    oneOf(List.of(
                            List.of(new StatusRange(200, 299)),
                            List.of(new StatusRange(200, 200), new StatusRange(301, 399)))),
                    sometimes() ? Optional.of("0123456789abcdef0123456789abcdef") : Optional.empty(),
                    sometimes() ? Optional.of("it is (\"up\"|\\d+)") : Optional.empty(),
                    sometimes() ? Optional.of("www.example.org") : Optional.empty()));
        }
        return new HttpCheck(
                urls,
                oneOf(List.of(HttpCheck.Version.values())),
                sometimes() ? Optional.of("example.org") : Optional.empty(),
                Optional.empty(),
                List.of(),
                random.nextBoolean() ? Tls.NONE : Tls.INSECURE,
                target(family, true),
                timing);
    }
}
