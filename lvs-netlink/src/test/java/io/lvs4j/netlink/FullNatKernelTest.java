package io.lvs4j.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.AddressFamily;
import io.lvs4j.BackendException;
import io.lvs4j.Director;
import io.lvs4j.DirectorEvent;
import io.lvs4j.ForwardingMethod;
import io.lvs4j.Protocol;
import io.lvs4j.ServiceHandle;
import io.lvs4j.VirtualService;
import io.lvs4j.netlink.ForwardingNetwork.Answer;
import io.lvs4j.netlink.ForwardingNetwork.WayBack;
import io.lvs4j.testkit.ManualTime;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Full NAT with a source of its own, and what becomes of its rules. */
@Isolated // it takes iptables away for a while
class FullNatKernelTest {
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final ForwardingNetwork network = ForwardingNetwork.get();
    private final ManualTime time = new ManualTime();
    private final BlockingQueue<DirectorEvent.DriftRepaired> repairs = new LinkedBlockingQueue<>();
    private Director director;

    @BeforeEach
    void open() {
        director = Director.builder()
                .backend(IpvsBackend.builder()
                        .networkNamespace(ForwardingNetwork.DIRECTOR)
                        .prepareHost(true)
                        .repairInterval(INTERVAL)
                        .build())
                .ticker(time)
                .timers(time)
                .listener(event -> {
                    if (event instanceof DirectorEvent.DriftRepaired repaired) {
                        repairs.add(repaired);
                    }
                })
                .build();
    }

    @AfterEach
    void close() {
        director.close();
    }

    private static VirtualService.Builder service(
            Protocol protocol, AddressFamily family, int port, ForwardingMethod method) {
        VirtualService.Builder service = VirtualService.builder()
                .protocol(protocol)
                .listen(ForwardingNetwork.virtual(family).getHostAddress(), port)
                .scheduler("rr")
                .forwarding(method);
        for (int number = 1; number <= 2; number++) {
            service.realServer(ForwardingNetwork.server(family, number).getHostAddress(), ForwardingNetwork.REAL_PORT);
        }
        return service;
    }

    /** Returns an address of the director that both servers have a route to. */
    private static InetAddress source(AddressFamily family) throws Exception {
        boolean ipv4 = family == AddressFamily.INET;
        String address = ipv4 ? "10.9.0.1" : "fd10:9::1";
        Command.run("ip", "-n", "fw-director", "address", "replace", address + (ipv4 ? "/32" : "/128"), "dev", "lo");
        for (int number = 1; number <= 2; number++) {
            Command.run(
                    "ip",
                    "-n",
                    "fw-server" + number,
                    "route",
                    "replace",
                    address,
                    "via",
                    ForwardingNetwork.director(family, number).getHostAddress());
        }
        return TestEntries.ip(address);
    }

    private Answer ask(Protocol protocol, AddressFamily family, int port) {
        return network.ask(
                protocol, WayBack.NONE.client(family), ForwardingNetwork.virtual(family), port, new byte[] {1, 2, 3});
    }

    private static List<String> rules() throws Exception {
        return nsenter("iptables -t nat -S POSTROUTING")
                .lines()
                .filter(rule -> rule.contains("lvs4j"))
                .toList();
    }

    private static String nsenter(String command) throws Exception {
        return Command.run(("nsenter --net=" + ForwardingNetwork.DIRECTOR + " " + command).split(" "));
    }

    @ParameterizedTest
    @EnumSource
    void serversSeeTheSourceThatWasAskedFor(AddressFamily family) throws Exception {
        InetAddress source = source(family);
        for (Protocol protocol : new Protocol[] {Protocol.TCP, Protocol.UDP}) {
            ServiceHandle service = director.add(
                    service(protocol, family, ForwardingNetwork.VIRTUAL_PORT, ForwardingMethod.fullNat(source))
                            .build());
            List<Answer> answers = Stream.generate(() -> ask(protocol, family, ForwardingNetwork.VIRTUAL_PORT))
                    .limit(4)
                    .toList();
            assertThat(answers).extracting(Answer::client).containsOnly(source);
            assertThat(answers).extracting(Answer::server).containsExactly(2, 1, 2, 1);
            service.remove();
        }
        assertThat(rules()).isEmpty();
    }

    @Test
    void aSourceIsExchangedForAnotherAndTheOneThatACrashLeftGoes() throws Exception {
        InetAddress source = source(AddressFamily.INET);
        VirtualService from = service(
                        Protocol.TCP,
                        AddressFamily.INET,
                        ForwardingNetwork.VIRTUAL_PORT,
                        ForwardingMethod.fullNat(source))
                .build();
        VirtualService masquerading =
                from.toBuilder().forwarding(ForwardingMethod.fullNat()).build();
        new FullNatRules(Optional.of(ForwardingNetwork.DIRECTOR)).install(FullNatRule.of(masquerading));
        ServiceHandle service = director.add(from);
        assertThat(rules()).singleElement().asString().endsWith("-j SNAT --to-source 10.9.0.1");
        service.update(masquerading);
        assertThat(rules()).singleElement().asString().endsWith("-j MASQUERADE");
        assertThat(ask(Protocol.TCP, AddressFamily.INET, ForwardingNetwork.VIRTUAL_PORT)
                        .client())
                .isNotEqualTo(source);
    }

    @Test
    void aRuleThatSomebodyElseRemovesIsPutBackAndAnnounced() throws Exception {
        director.add(service(
                        Protocol.TCP,
                        AddressFamily.INET,
                        ForwardingNetwork.VIRTUAL_PORT,
                        ForwardingMethod.fullNat(source(AddressFamily.INET)))
                .build());
        List<String> before = rules();
        time.advance(INTERVAL);
        nsenter("iptables -t nat -F");
        time.advance(INTERVAL);
        assertThat(director.snapshot().services()).hasSize(1);
        assertThat(rules()).isEqualTo(before).hasSize(1);
        DirectorEvent.DriftRepaired event = repairs.poll(10, TimeUnit.SECONDS);
        assertThat(event.changes()).containsExactly("add iptables rule for full NAT of tcp 10.20.0.1:80 from 10.9.0.1");
        assertThat(repairs).isEmpty();
    }

    @Test
    void twoPersistentServicesKeepTheirClientsAndTheirRulesApart() throws Exception {
        ServiceHandle first = director.add(persistent(ForwardingNetwork.VIRTUAL_PORT));
        director.add(persistent(ForwardingNetwork.OTHER_VIRTUAL_PORT));
        assertThat(rules()).hasSize(2);
        for (int port : new int[] {ForwardingNetwork.VIRTUAL_PORT, ForwardingNetwork.OTHER_VIRTUAL_PORT}) {
            List<Answer> answers = Stream.generate(() -> ask(Protocol.TCP, AddressFamily.INET, port))
                    .limit(4)
                    .toList();
            assertThat(answers)
                    .extracting(Answer::server)
                    .containsOnly(answers.get(0).server());
            assertThat(answers)
                    .extracting(Answer::client)
                    .containsOnly(ForwardingNetwork.director(
                            AddressFamily.INET, answers.get(0).server()));
        }
        first.remove();
        assertThat(rules()).singleElement().asString().contains("--vport 81");
        assertThat(ask(Protocol.TCP, AddressFamily.INET, ForwardingNetwork.OTHER_VIRTUAL_PORT)
                        .echo()
                        .remaining())
                .isEqualTo(3);
    }

    private static VirtualService persistent(int port) {
        return service(Protocol.TCP, AddressFamily.INET, port, ForwardingMethod.fullNat())
                .persistence(Duration.ofSeconds(60))
                .build();
    }

    @Test
    void withoutIptablesItSaysWhatToInstallAndLeavesNothingBehind() throws Exception {
        Path program = Path.of("/usr/sbin/iptables"); // of the guest, which forgets
        Path away = Path.of("/usr/sbin/iptables.away");
        Files.move(program, away);
        try {
            assertThatThrownBy(() -> director.add(persistent(ForwardingNetwork.VIRTUAL_PORT)))
                    .isInstanceOf(BackendException.class)
                    .hasMessageContaining("full NAT")
                    .hasMessageContaining("tcp 10.20.0.1:80")
                    .hasMessageContaining("install iptables");
        } finally {
            Files.move(away, program);
        }
        try (Ipvs ipvs = Ipvs.open(ForwardingNetwork.DIRECTOR)) {
            assertThat(ipvs.services()).isEmpty();
        }
        assertThat(rules()).isEmpty();
        assertThat(director.snapshot().services()).isEmpty();
    }
}
