package io.lvs4j.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.lvs4j.AddressFamily;
import io.lvs4j.ConnectionEntries;
import io.lvs4j.ConnectionEntry;
import io.lvs4j.Director;
import io.lvs4j.ForwardingMethod;
import io.lvs4j.ForwardingMethod.Encapsulation;
import io.lvs4j.Persistence;
import io.lvs4j.PersistenceTemplate;
import io.lvs4j.Protocol;
import io.lvs4j.ServiceHandle;
import io.lvs4j.VirtualService;
import io.lvs4j.netlink.ForwardingNetwork.Answer;
import io.lvs4j.netlink.ForwardingNetwork.DatagramAnswer;
import io.lvs4j.netlink.ForwardingNetwork.WayBack;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Traffic through the kernel, with every method of forwarding. */
class ForwardingKernelTest {
    private static final int STREAM = 100_000;
    private static final int DATAGRAM = 1000;
    private static final int MARK = 7;

    private final ForwardingNetwork network = ForwardingNetwork.get();
    private Director director;

    @BeforeEach
    void open() {
        director = newDirector();
    }

    private static Director newDirector() {
        return Director.builder()
                .backend(IpvsBackend.builder()
                        .networkNamespace(ForwardingNetwork.DIRECTOR)
                        .prepareHost(true)
                        .build())
                .build();
    }

    @AfterEach
    void close() {
        director.close();
    }

    private static VirtualService.Builder echo(Protocol protocol, AddressFamily family, ForwardingMethod method) {
        return servers(VirtualService.builder().protocol(protocol), family, method)
                .listen(text(ForwardingNetwork.virtual(family)), ForwardingNetwork.VIRTUAL_PORT);
    }

    private static VirtualService.Builder servers(
            VirtualService.Builder service, AddressFamily family, ForwardingMethod method) {
        boolean rewrites =
                method.kind() == ForwardingMethod.Kind.MASQUERADE || method.kind() == ForwardingMethod.Kind.FULL_NAT;
        int port = rewrites ? ForwardingNetwork.REAL_PORT : ForwardingNetwork.VIRTUAL_PORT;
        return service.scheduler("rr")
                .forwarding(method)
                .realServer(text(ForwardingNetwork.server(family, 1)), port)
                .realServer(text(ForwardingNetwork.server(family, 2)), port);
    }

    private static String text(InetAddress address) {
        return address.getHostAddress();
    }

    static Stream<Arguments> keepingTheClient() {
        return Stream.of(
                        ForwardingMethod.masquerade(),
                        ForwardingMethod.directRouting(),
                        ForwardingMethod.tunnel(Encapsulation.IPIP),
                        ForwardingMethod.tunnel(Encapsulation.GUE),
                        ForwardingMethod.tunnel(Encapsulation.GRE))
                .flatMap(method -> Arrays.stream(AddressFamily.values())
                        .flatMap(family -> Stream.of(Protocol.TCP, Protocol.UDP)
                                .map(protocol -> Arguments.of(method, family, protocol))));
    }

    @ParameterizedTest
    @MethodSource
    void keepingTheClient(ForwardingMethod method, AddressFamily family, Protocol protocol) {
        director.add(echo(protocol, family, method).build());
        InetAddress client = (method.kind() == ForwardingMethod.Kind.MASQUERADE
                        ? WayBack.THROUGH_DIRECTOR
                        : WayBack.DIRECT)
                .client(family);
        List<Answer> answers = askFourTimes(protocol, family, client);
        assertThat(answers).extracting(Answer::client).containsOnly(client);
        assertThat(answers).extracting(Answer::server).containsExactly(2, 1, 2, 1);
    }

    @ParameterizedTest
    @EnumSource
    void aTunnelLeadsToServersOfTheOtherFamily(AddressFamily family) {
        AddressFamily other = family == AddressFamily.INET ? AddressFamily.INET6 : AddressFamily.INET;
        InetAddress client = WayBack.DIRECT.client(family);
        for (Protocol protocol : List.of(Protocol.TCP, Protocol.UDP)) {
            director.add(servers(
                            VirtualService.builder().protocol(protocol),
                            other,
                            ForwardingMethod.tunnel(Encapsulation.IPIP))
                    .listen(text(ForwardingNetwork.virtual(family)), ForwardingNetwork.VIRTUAL_PORT)
                    .build());
            List<Answer> answers = askFourTimes(protocol, family, client);
            assertThat(answers).extracting(Answer::client).containsOnly(client);
            assertThat(answers).extracting(Answer::server).containsExactly(2, 1, 2, 1);
        }
    }

    private List<Answer> askFourTimes(Protocol protocol, AddressFamily family, InetAddress client) {
        byte[] bytes = new byte[protocol == Protocol.TCP ? STREAM : DATAGRAM];
        new Random(0).nextBytes(bytes);
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Answer answer = network.ask(
                    protocol, client, ForwardingNetwork.virtual(family), ForwardingNetwork.VIRTUAL_PORT, bytes);
            assertThat(answer.echo().equals(ByteBuffer.wrap(bytes))).isTrue(); // prints no 100 kB
            answers.add(answer);
        }
        return answers;
    }

    @ParameterizedTest
    @EnumSource
    void datagramsOfOneClientAreScheduledOneByOneAndLeaveNoConnection(AddressFamily family) {
        InetAddress client = WayBack.DIRECT.client(family);
        VirtualService service = echo(Protocol.UDP, family, ForwardingMethod.directRouting())
                .onePacketScheduling()
                .build();
        ServiceHandle handle = director.add(service);
        List<DatagramAnswer> answers = network.askFromOnePort(client, ForwardingNetwork.virtual(family), 4);
        assertThat(answers).extracting(DatagramAnswer::server).containsExactly(2, 1, 2, 1);
        assertThat(answers)
                .extracting(DatagramAnswer::from)
                .containsOnly(new InetSocketAddress(ForwardingNetwork.virtual(family), ForwardingNetwork.VIRTUAL_PORT));
        assertThat(connectionsFrom(answers.get(0).clientPort())).isEmpty();

        handle.update(service.toBuilder().noOnePacketScheduling().build());
        List<DatagramAnswer> connected = network.askFromOnePort(client, ForwardingNetwork.virtual(family), 4);
        assertThat(connected)
                .extracting(DatagramAnswer::server)
                .containsOnly(connected.get(0).server());
        assertThat(connectionsFrom(connected.get(0).clientPort())).hasSize(1);
    }

    @Test
    void answersToSingleDatagramsAreNotTranslated() {
        director.add(echo(Protocol.UDP, AddressFamily.INET, ForwardingMethod.masquerade())
                .onePacketScheduling()
                .build());
        assertThat(network.askFromOnePort(
                        WayBack.THROUGH_DIRECTOR.client(AddressFamily.INET),
                        ForwardingNetwork.virtual(AddressFamily.INET),
                        2))
                .extracting(DatagramAnswer::from)
                .containsExactly(
                        new InetSocketAddress(
                                ForwardingNetwork.server(AddressFamily.INET, 2), ForwardingNetwork.REAL_PORT),
                        new InetSocketAddress(
                                ForwardingNetwork.server(AddressFamily.INET, 1), ForwardingNetwork.REAL_PORT));
    }

    @Test
    void countingConnectionsDoesNotSpreadSingleDatagrams() {
        director.add(echo(Protocol.UDP, AddressFamily.INET, ForwardingMethod.directRouting())
                .scheduler("wlc")
                .onePacketScheduling()
                .build());
        List<DatagramAnswer> answers = network.askFromOnePort(
                WayBack.DIRECT.client(AddressFamily.INET), ForwardingNetwork.virtual(AddressFamily.INET), 4);
        assertThat(answers)
                .extracting(DatagramAnswer::server)
                .containsOnly(answers.get(0).server());
    }

    private static List<ConnectionEntry> connectionsFrom(int clientPort) {
        try (Ipvs ipvs = Ipvs.open(ForwardingNetwork.DIRECTOR)) {
            return ipvs.connections().stream()
                    .filter(connection -> connection.protocol().equals("UDP")
                            && connection.client().getPort() == clientPort)
                    .toList();
        }
    }

    @ParameterizedTest
    @EnumSource
    void portsUnderOneMarkShareATemplate(AddressFamily family) throws Exception {
        mark(family, "-A");
        ServiceHandle marked = director.add(
                servers(VirtualService.builder().firewallMark(MARK, family), family, ForwardingMethod.directRouting())
                        .persistence(Persistence.of(Duration.ofSeconds(60)))
                        .build());
        director.add(
                echo(Protocol.UDP, family, ForwardingMethod.directRouting()).build());
        askFourTimes(Protocol.UDP, family, WayBack.DIRECT.client(family));
        List<Integer> servers = IntStream.range(0, 4)
                .mapToObj(i -> network.ask(
                        Protocol.TCP,
                        WayBack.DIRECT.client(family),
                        ForwardingNetwork.virtual(family),
                        i % 2 == 0 ? ForwardingNetwork.VIRTUAL_PORT : ForwardingNetwork.OTHER_VIRTUAL_PORT,
                        new byte[] {1}))
                .map(Answer::server)
                .toList();
        mark(family, "-D");
        assertThat(servers).containsOnly(servers.get(0));
        try (Ipvs ipvs = Ipvs.open(ForwardingNetwork.DIRECTOR)) {
            assertThat(ipvs.connections())
                    .filteredOn(connection -> connection.isTemplate()
                            && connection.client().getAddress().equals(WayBack.DIRECT.client(family)))
                    .hasSize(1);
        }
        List<ConnectionEntry> listed = marked.connections(ConnectionEntries.MAX).entries();
        assertThat(listed)
                .filteredOn(connection -> connection.protocol().equals("TCP"))
                .extracting(connection -> connection.virtual().getPort())
                .contains(ForwardingNetwork.VIRTUAL_PORT, ForwardingNetwork.OTHER_VIRTUAL_PORT);
        assertThat(listed)
                .as("what another service has of the same servers")
                .noneMatch(connection -> connection.protocol().equals("UDP")
                        && connection.virtual().getPort() == ForwardingNetwork.VIRTUAL_PORT);
        ConnectionEntry template = listed.stream()
                .filter(ConnectionEntry::isTemplate)
                .reduce((one, two) -> fail("two templates: " + one + ", " + two))
                .orElseThrow();
        assertThat(ConnectionEntry.of(
                        marked.key(),
                        new PersistenceTemplate(
                                template.client().getAddress(),
                                marked.servers().get(0).key(),
                                0,
                                template.expiresIn())))
                .as("as the other backends would list it")
                .get()
                .extracting(ConnectionEntry::protocol, ConnectionEntry::virtual)
                .containsExactly(template.protocol(), template.virtual());
    }

    // ---------------------------------------------------------------- full NAT

    static Stream<Arguments> serversNeedNoRouteBackToTheClient() {
        return Arrays.stream(AddressFamily.values())
                .flatMap(family ->
                        Stream.of(Protocol.TCP, Protocol.UDP).map(protocol -> Arguments.of(family, protocol)));
    }

    @ParameterizedTest
    @MethodSource
    void serversNeedNoRouteBackToTheClient(AddressFamily family, Protocol protocol) {
        director.add(echo(protocol, family, ForwardingMethod.fullNat()).build());
        List<Answer> answers = askFourTimes(protocol, family, WayBack.NONE.client(family));
        assertThat(answers)
                .allSatisfy(answer ->
                        assertThat(answer.client()).isEqualTo(ForwardingNetwork.director(family, answer.server())));
        assertThat(answers).extracting(Answer::server).containsExactly(2, 1, 2, 1);
    }

    @ParameterizedTest
    @EnumSource
    void markedServicesHaveFullNatToo(AddressFamily family) throws Exception {
        mark(family, "-A");
        director.add(servers(VirtualService.builder().firewallMark(MARK, family), family, ForwardingMethod.fullNat())
                .build());
        List<Answer> answers = askFourTimes(Protocol.TCP, family, WayBack.NONE.client(family));
        mark(family, "-D");
        assertThat(answers)
                .extracting(Answer::client)
                .contains(ForwardingNetwork.director(family, 1), ForwardingNetwork.director(family, 2));
    }

    @Test
    void theRuleComesAndGoesWithFullNatAndOthersStay() throws Exception {
        nsenter("iptables -t nat -A POSTROUTING -m comment --comment lvs4j -j RETURN");
        VirtualService rewriting = rewriting();
        VirtualService keeping =
                rewriting.toBuilder().forwarding(ForwardingMethod.masquerade()).build();
        ServiceHandle service = director.add(keeping);
        assertThat(rules()).hasSize(1);
        Sysctl sysctl = new Sysctl(Optional.of(ForwardingNetwork.DIRECTOR));
        sysctl.set("net.ipv4.vs.conntrack", "0");
        service.update(rewriting);
        assertThat(sysctl.get("net.ipv4.vs.conntrack")).contains("1");
        assertThat(rules()).hasSize(2);
        service.update(keeping);
        assertThat(rules()).hasSize(1);
        service.update(rewriting);
        service.remove();
        assertThat(rules()).hasSize(1);
        director.add(rewriting);
        director.close();
        assertThat(rules()).hasSize(1);
        nsenter("iptables -t nat -D POSTROUTING -m comment --comment lvs4j -j RETURN");
    }

    @Test
    void theRuleThatACrashLeftIsTakenOver() throws Exception {
        leaveARule();
        ServiceHandle service = director.add(rewriting());
        assertThat(rules()).hasSize(1);
        service.remove();
        assertThat(rules()).isEmpty();
    }

    @Test
    void theRuleThatACrashLeftIsRemovedWhenItIsNotWantedAnyMore() throws Exception {
        leaveARule();
        director.add(echo(Protocol.TCP, AddressFamily.INET, ForwardingMethod.masquerade())
                .build());
        assertThat(rules()).isEmpty();
    }

    private static VirtualService rewriting() {
        return echo(Protocol.TCP, AddressFamily.INET, ForwardingMethod.fullNat())
                .build();
    }

    private static void leaveARule() {
        Optional<String> namespace = Optional.of(ForwardingNetwork.DIRECTOR);
        Prerequisites prerequisites = new Prerequisites(new Sysctl(namespace), Map.of());
        prerequisites.apply(prerequisites.of(List.of(rewriting()), List.of()));
        new FullNatRules(namespace).install(FullNatRule.of(rewriting()));
    }

    private static List<String> rules() throws Exception {
        return nsenter("iptables -t nat -S POSTROUTING")
                .lines()
                .filter(rule -> rule.contains("lvs4j"))
                .toList();
    }

    private static void mark(AddressFamily family, String action) throws Exception {
        nsenter((family == AddressFamily.INET ? "iptables" : "ip6tables") + " -t mangle " + action
                + " PREROUTING -p tcp -d " + text(ForwardingNetwork.virtual(family))
                + " -m multiport --dports 80,81 -j MARK --set-mark " + MARK);
    }

    private static String nsenter(String command) throws Exception {
        return Command.run(("nsenter --net=" + ForwardingNetwork.DIRECTOR + " " + command).split(" "));
    }
}
