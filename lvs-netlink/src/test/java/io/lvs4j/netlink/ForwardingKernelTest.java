package io.lvs4j.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.AddressFamily;
import io.lvs4j.Director;
import io.lvs4j.ForwardingMethod;
import io.lvs4j.ForwardingMethod.Encapsulation;
import io.lvs4j.Persistence;
import io.lvs4j.Protocol;
import io.lvs4j.VirtualService;
import io.lvs4j.netlink.ForwardingNetwork.Answer;
import io.lvs4j.netlink.ForwardingNetwork.WayBack;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
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
    void portsUnderOneMarkShareATemplate(AddressFamily family) throws Exception {
        mark(family, "-A");
        director.add(
                servers(VirtualService.builder().firewallMark(MARK, family), family, ForwardingMethod.directRouting())
                        .persistence(Persistence.of(Duration.ofSeconds(60)))
                        .build());
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
