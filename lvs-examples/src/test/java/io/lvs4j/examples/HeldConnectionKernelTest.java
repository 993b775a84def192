package io.lvs4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.Director;
import io.lvs4j.VirtualService;
import io.lvs4j.netlink.IpvsBackend;
import io.lvs4j.netlink.SyncDaemon;
import io.lvs4j.netlink.socket.NetworkNamespace;
import io.lvs4j.vrrp.RouterState;
import io.lvs4j.vrrp.VirtualAddress;
import io.lvs4j.vrrp.VirtualRouter;
import io.lvs4j.vrrp.VrrpSpeaker;
import io.lvs4j.vrrp.VrrpVersion;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Two directors on the kernel's IPVS, between a client and a server that take the floating addresses for theirs to send to: a connection that is open
 * when the master loses its cables goes on through the other, because the sync daemons have told it.
 *
 * <pre>
 *   client 10.1.0.9 ── 10.1.0.2 one 10.2.0.2 ──┐
 *                   └─ 10.1.0.3 two 10.2.0.3 ──┴─ server 10.2.0.10
 *             floating: 10.1.0.100   10.2.0.1, the server's gateway
 * </pre>
 */
class HeldConnectionKernelTest {
    private static final String VIP = "10.1.0.100";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<AutoCloseable> things = new ArrayList<>();

    @AfterEach
    void end() throws Exception {
        for (int i = things.size() - 1; i >= 0; i--) {
            things.get(i).close();
        }
    }

    private void host(String name, String... addresses) {
        ip("netns add held-" + name);
        things.add(() -> ip("netns del held-" + name));
        ip("-n held-" + name + " link set lo up");
        for (String each : addresses) {
            String network = each.startsWith("10.1.") ? "outer" : "inner";
            ip("link add " + network + " netns held-" + name + " type veth peer name " + name + " netns held-"
                    + network);
            ip("-n held-" + network + " link set " + name + " master br0 up");
            ip("-n held-" + name + " link set " + network + " up");
            ip("-n held-" + name + " address add " + each + "/24 dev " + network);
        }
    }

    private void network(String name) {
        ip("netns add held-" + name);
        things.add(() -> ip("netns del held-" + name));
        ip("-n held-" + name + " link add br0 type bridge forward_delay 0");
        ip("-n held-" + name + " link set br0 up");
    }

    private static String ip(String arguments) {
        List<String> command = new ArrayList<>(List.of(ChildProcess.program("ip", "iproute2")));
        command.addAll(List.of(arguments.split(" ", -1)));
        return ChildProcess.run(command);
    }

    private static String file(String name) {
        return "/run/netns/held-" + name;
    }

    /** A director with its speaker; closing the list closes the speaker first. */
    private VrrpSpeaker director(String name, int priority) {
        ChildProcess.run(List.of(
                ChildProcess.program("ip", "iproute2"),
                "netns",
                "exec",
                "held-" + name,
                "sh",
                "-c",
                "echo 1 >/proc/sys/net/ipv4/ip_forward; echo 1 >/proc/sys/net/ipv4/vs/expire_nodest_conn"));
        IpvsBackend ipvs = IpvsBackend.builder().networkNamespace(file(name)).build();
        VrrpSpeaker speaker = VrrpSpeaker.builder()
                .namespace(file(name))
                .router(VirtualRouter.builder()
                        .name("VI_1")
                        .virtualRouterId(7)
                        .version(VrrpVersion.V3)
                        .networkInterface("outer")
                        .advertisementInterval(Duration.ofMillis(500))
                        .priority(priority)
                        .address(VIP + "/24")
                        .excludedAddress(on("inner", VirtualAddress.parse("10.2.0.1/24")))
                        .build())
                .syncDaemon(ipvs, "VI_1", SyncDaemon.of(SyncDaemon.Role.BACKUP, "outer", 1))
                .build();
        Director director = speaker.directorOn(ipvs).build();
        things.add(director);
        director.add(VirtualService.builder()
                .listen(VIP, 80)
                .scheduler("rr")
                .realServer("10.2.0.10", 8080)
                .build());
        things.add(speaker);
        speaker.start();
        return speaker;
    }

    private static VirtualAddress on(String device, VirtualAddress address) {
        return new VirtualAddress(
                address.address(),
                address.prefixLength(),
                Optional.of(device),
                address.scope(),
                address.label(),
                address.broadcast(),
                address.peer(),
                address.flags(),
                address.onVirtualMac(),
                address.tracked(),
                address.preferredLifetime(),
                address.trackGroup());
    }

    private static void await(VrrpSpeaker speaker, RouterState state) {
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> speaker.snapshot().get(0).state() == state);
    }

    private void echo(ServerSocket listener) {
        Thread thread = new Thread(
                () -> {
                    try (Socket socket = listener.accept()) {
                        socket.getInputStream().transferTo(socket.getOutputStream());
                    } catch (IOException e) {
                        // it is closed at the end
                    }
                },
                "test-echo");
        thread.setDaemon(true);
        thread.start();
    }

    @Test
    void aHeldConnectionGoesOnThroughTheOtherDirectorAndNewOnesAreServedThere() throws Exception {
        network("outer");
        network("inner");
        host("client", "10.1.0.9");
        host("server", "10.2.0.10");
        ip("-n held-server route add default via 10.2.0.1");
        host("one", "10.1.0.2", "10.2.0.2");
        host("two", "10.1.0.3", "10.2.0.3");
        ServerSocket listener = NetworkNamespace.call(file("server"), () -> new ServerSocket(8080));
        things.add(listener);
        echo(listener);
        VrrpSpeaker one = director("one", 150);
        VrrpSpeaker two = director("two", 100);
        await(one, RouterState.MASTER);
        await(two, RouterState.BACKUP);

        Socket held = connect();
        BufferedReader answers = answers(held);
        Awaitility.await()
                .atMost(PATIENCE)
                .until(
                        () -> { // the kernel tells of a connection after some packets
                            assertThat(say(held, answers, "hello")).isEqualTo("hello");
                            return ChildProcess.run(List.of(
                                            ChildProcess.program("ip", "iproute2"),
                                            "netns",
                                            "exec",
                                            "held-two",
                                            "cat",
                                            "/proc/net/ip_vs_conn_sync"))
                                    .contains("ESTABLISHED");
                        });

        ip("-n held-outer link set one down");
        ip("-n held-inner link set one down");
        await(two, RouterState.MASTER);
        assertThat(say(held, answers, "still there?")).isEqualTo("still there?");

        echo(listener);
        Socket other = connect();
        assertThat(say(other, answers(other), "anew")).isEqualTo("anew");
    }

    /** Connects, as soon as the director serves what it has the address of: the first time that takes a moment here. */
    private Socket connect() throws IOException {
        Socket socket = Awaitility.await()
                .atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> NetworkNamespace.call(file("client"), () -> new Socket(VIP, 80)), Objects::nonNull);
        things.add(socket);
        socket.setSoTimeout((int) PATIENCE.toMillis());
        return socket;
    }

    private static BufferedReader answers(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
    }

    private static String say(Socket socket, BufferedReader answers, String word) throws IOException {
        socket.getOutputStream().write((word + "\n").getBytes(StandardCharsets.US_ASCII));
        return answers.readLine();
    }
}
