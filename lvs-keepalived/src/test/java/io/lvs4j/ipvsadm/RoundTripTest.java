package io.lvs4j.ipvsadm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.AddressFamily;
import io.lvs4j.ForwardingMethod;
import io.lvs4j.ForwardingMethod.Encapsulation;
import io.lvs4j.Persistence;
import io.lvs4j.Protocol;
import io.lvs4j.RealServer;
import io.lvs4j.SchedulerFlag;
import io.lvs4j.Scheduling;
import io.lvs4j.ServerKey;
import io.lvs4j.VirtualService;
import io.lvs4j.ipvsadm.ServerRule.Checksum;
import io.lvs4j.ipvsadm.ServerRule.Forwarding;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What is written is read as what it was, for all that rules can say. */
class RoundTripTest {

    // ---------------------------------------------------------------- commands, which hold all that ipvsadm can say

    @Property
    void aCommandIsReadAsItWasWritten(@ForAll("commands") Command command) {
        Rules rules = Rules.read("rules", command.toString());
        assertThat(rules.diagnostics()).isEmpty();
        assertThat(rules.list()).hasSize(1);
        assertThat(rules.list().get(0).command()).isEqualTo(command);
    }

    @Provide
    Arbitrary<Command> commands() {
        return Arbitraries.longs().map(seed -> new Generator(new Random(seed)).command());
    }

    // ---------------------------------------------------------------- descriptions

    @Property
    void descriptionsAreReadAsTheyWereWritten(@ForAll("descriptions") List<VirtualService> services) {
        SavedRules saved = SavedRules.of(services);
        Rules.Services read = Rules.read("rules", saved.text()).services();
        assertThat(saved.lost()).isEmpty();
        assertThat(read.diagnostics()).isEmpty();
        assertThat(read.services()).isEqualTo(services);
        assertThat(SavedRules.of(read.services()).text()).isEqualTo(saved.text());
    }

    @Provide
    Arbitrary<List<VirtualService>> descriptions() {
        return Combinators.combine(Arbitraries.longs(), Arbitraries.integers().between(0, 5))
                .as((seed, count) -> new Generator(new Random(seed)).services(count));
    }

    @Example
    void whatRulesCannotSayIsTold() {
        VirtualService service = VirtualService.builder()
                .listen("10.0.0.1", 80)
                .listen("10.0.0.2", 80)
                .scheduling(Scheduling.of("mh").withTableSize(65521))
                .persistence(Persistence.of(Duration.ofSeconds(9)).withMaxEntries(99))
                .alpha()
                .allow("10.0.0.0/8")
                .forwarding(ForwardingMethod.fullNat())
                .realServer("10.1.0.1", 80, server -> server.priority(1))
                .realServer("10.1.0.2", 81, server -> server.forwarding(ForwardingMethod.directRouting()))
                .build();
        assertThat(SavedRules.of(List.of(service)).lost())
                .containsExactly(
                        "tcp 10.0.0.1:80,10.0.0.2:80: pool rules",
                        "tcp 10.0.0.1:80,10.0.0.2:80: access",
                        "tcp 10.0.0.1:80,10.0.0.2:80: settings of the scheduler, mh table 65521",
                        "tcp 10.0.0.1:80,10.0.0.2:80: settings of the persistence, persistent 9 entries 99",
                        "tcp 10.0.0.1:80,10.0.0.2:80: that its 2 addresses share servers, they are services of their own",
                        "tcp 10.0.0.1:80,10.0.0.2:80: full NAT of 10.1.0.1:80, it is masquerading",
                        "tcp 10.0.0.1:80,10.0.0.2:80: checks, priority and inhibition of 10.1.0.1:80",
                        "tcp 10.0.0.1:80,10.0.0.2:80: the port of 10.1.0.2:81, it is the service's");
    }

    @Example
    void aRangeOfPortsIsRefused() {
        VirtualService service =
                VirtualService.builder().listen("10.0.0.1:80-90").build();
        assertThatThrownBy(() -> SavedRules.of(List.of(service)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("listen: 10.0.0.1:80-90 (expected: single ports");
    }

    /** Makes commands and descriptions of all kinds. */
    private record Generator(Random random) {

        private <T> T oneOf(List<T> list) {
            return list.get(random.nextInt(list.size()));
        }

        private AddressFamily family() {
            return oneOf(List.of(AddressFamily.values()));
        }

        private InetAddress address(AddressFamily family) {
            byte[] bytes = new byte[family == AddressFamily.INET ? 4 : 16];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (random.nextInt(3) == 0 ? random.nextInt(256) : 0); // zeros are what is compressed
            }
            bytes[0] = (byte) (1 + random.nextInt(200));
            return AddressText.ofBytes(bytes);
        }

        private int port() {
            return 1 + random.nextInt(65535);
        }

        private Command command() {
            ServiceAddress service = serviceAddress();
            return switch (random.nextInt(8)) {
                case 0 -> new Command.Clear();
                case 1 -> new Command.Zero(random.nextBoolean() ? Optional.empty() : Optional.of(service));
                case 2 -> new Command.DeleteService(service);
                case 3 -> new Command.DeleteServer(service, address(family()), random.nextInt(65536));
                case 4 -> new Command.AddService(serviceRule(service));
                case 5 -> new Command.EditService(serviceRule(service));
                case 6 -> new Command.AddServer(service, serverRule(service));
                default -> new Command.EditServer(service, serverRule(service));
            };
        }

        private ServiceAddress serviceAddress() {
            if (random.nextInt(3) == 0) {
                return new ServiceAddress.Mark(1 + (random.nextLong() >>> 33), family());
            }
            Protocol protocol = oneOf(List.of(Protocol.values()));
            return new ServiceAddress.At(protocol, address(family()), port());
        }

        private ServiceRule serviceRule(ServiceAddress address) {
            String scheduler = oneOf(Scheduling.names());
            boolean hashes = scheduler.equals("sh") || scheduler.equals("mh");
            boolean udp = !(address instanceof ServiceAddress.At at) || at.protocol() == Protocol.UDP;
            int netmask = address.family() == AddressFamily.INET6 ? 1 + random.nextInt(128) : random.nextInt();
            return new ServiceRule(
                    address,
                    scheduler,
                    random.nextInt(hashes ? 4 : 8),
                    random.nextBoolean()
                            ? Optional.empty()
                            : Optional.of(new ServiceRule.Persistent(1 + random.nextInt(2_678_400), netmask)),
                    random.nextBoolean() ? "" : "sip",
                    udp && random.nextBoolean());
        }

        private ServerRule serverRule(ServiceAddress service) {
            Forwarding forwarding = oneOf(List.of(Forwarding.GATEWAYING, Forwarding.MASQUERADING, Forwarding.TUNNEL));
            boolean tunnel = forwarding == Forwarding.TUNNEL;
            boolean ownPort = forwarding == Forwarding.MASQUERADING || service instanceof ServiceAddress.Mark;
            int upper = random.nextBoolean() ? 0 : 1 + random.nextInt(Integer.MAX_VALUE);
            return new ServerRule(
                    address(tunnel ? family() : service.family()),
                    ownPort ? random.nextInt(65536) : ((ServiceAddress.At) service).port(),
                    forwarding,
                    random.nextBoolean() ? 1 : random.nextInt() >>> 1,
                    upper,
                    random.nextInt(upper + 1 > 0 ? upper + 1 : upper),
                    tunnel ? Optional.of(tunnel()) : Optional.empty());
        }

        private ServerRule.Tunnel tunnel() {
            Encapsulation encapsulation = oneOf(List.of(Encapsulation.values()));
            List<Checksum> checksums = switch (encapsulation) {
                case IPIP -> List.of(Checksum.NONE);
                case GUE -> List.of(Checksum.values());
                case GRE -> List.of(Checksum.NONE, Checksum.COMPUTE);
            };
            return new ServerRule.Tunnel(
                    encapsulation, encapsulation == Encapsulation.GUE ? port() : 0, oneOf(checksums));
        }

        private List<VirtualService> services(int count) {
            Set<Object> keys = new LinkedHashSet<>();
            List<VirtualService> services = new ArrayList<>();
            while (services.size() < count) {
                VirtualService service = service();
                if (keys.add(service.key())) {
                    services.add(service);
                }
            }
            return services;
        }

        private VirtualService service() {
            VirtualService.Builder builder = VirtualService.builder();
            AddressFamily family = family();
            Protocol protocol = oneOf(List.of(Protocol.values()));
            boolean mark = random.nextInt(3) == 0;
            int port = port();
            InetAddress address = address(family);
            if (mark) {
                builder.firewallMark(1 + (random.nextLong() >>> 33), family);
            } else {
                builder.protocol(protocol).listen(new io.lvs4j.ListenAddress(address, port, port));
            }
            Scheduling scheduling = Scheduling.of(oneOf(Scheduling.names()));
            for (SchedulerFlag flag : List.of(SchedulerFlag.SH_FALLBACK, SchedulerFlag.MH_PORT)) {
                if (flag.scheduler().equals(scheduling.name()) && random.nextBoolean()) {
                    scheduling = scheduling.withFlags(flag);
                }
            }
            builder.scheduling(scheduling);
            if (random.nextBoolean()) {
                Persistence persistence = Persistence.of(Duration.ofSeconds(1 + random.nextInt(2_678_400)));
                builder.persistence(
                        family == AddressFamily.INET
                                ? persistence.withIpv4PrefixLength(1 + random.nextInt(32))
                                : persistence.withIpv6PrefixLength(1 + random.nextInt(128)));
            }
            if ((mark || protocol == Protocol.UDP) && random.nextBoolean()) {
                builder.onePacketScheduling();
            }
            Set<ServerKey> keys = new LinkedHashSet<>();
            List<RealServer> servers = new ArrayList<>();
            int count = random.nextInt(4);
            ForwardingMethod first = method();
            for (int i = 0; i < count; i++) {
                ForwardingMethod method = i == 0 || random.nextBoolean() ? first : method();
                boolean ownPort = mark || method.kind() == ForwardingMethod.Kind.MASQUERADE;
                ServerKey key = new ServerKey(address(family), ownPort ? port() : port);
                if (keys.add(key) && !key.address().equals(address)) {
                    RealServer.Builder server = RealServer.builder(key).weight(random.nextInt(65536));
                    int upper = random.nextBoolean() ? 0 : random.nextInt(1000);
                    server.upperThreshold(upper).lowerThreshold(random.nextInt(upper + 1));
                    if (servers.isEmpty()) {
                        builder.forwarding(method); // the form that is read: as the first server's
                        first = method;
                    } else if (!method.equals(first)) {
                        server.forwarding(method);
                    }
                    servers.add(server.build());
                }
            }
            return builder.build().withRealServers(servers);
        }

        private ForwardingMethod method() {
            return oneOf(List.of(
                    ForwardingMethod.masquerade(),
                    ForwardingMethod.directRouting(),
                    ForwardingMethod.tunnel(Encapsulation.IPIP),
                    ForwardingMethod.tunnel(Encapsulation.GUE),
                    ForwardingMethod.tunnel(Encapsulation.GRE)));
        }
    }
}
