package io.lvs4j.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvs4j.testkit.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** DNS over UDP and TCP at one address, with real servers and a real client. */
class DnsTest {
    private static final String SERVED = "127.0.0.1";

    @Test
    void namesAreResolvedOverUdpAndTcpAtOneAddressAndOnWhenAServerDies() throws IOException {
        int port = Ports.free();
        try (NameServer a = new NameServer("127.88.0.1");
                NameServer b = new NameServer("127.88.0.2");
                ChildProcess lvs = ChildProcess.lvs(
                        "serve",
                        "--listen",
                        SERVED + ":" + port,
                        "--protocol",
                        "tcp,udp",
                        "--servers",
                        a.key() + "," + b.key(),
                        "--scheduler",
                        "rr")) {
            lvs.awaitOut(line -> line.startsWith("serving tcp " + SERVED + ":" + port));
            lvs.awaitOut(line -> line.startsWith("serving udp " + SERVED + ":" + port));
            a.awaitReady();
            b.awaitReady();

            List<String> both = List.of("192.0.2.1", "192.0.2.2");
            for (String transport : List.of("+notcp", "+tcp")) {
                assertThat(List.of(dig(port, transport), dig(port, transport)))
                        .containsExactlyInAnyOrderElementsOf(both);
            }
            a.stop();
            for (String transport : List.of("+notcp", "+tcp")) {
                for (int i = 0; i < 4; i++) {
                    assertThat(dig(port, transport)).isEqualTo("192.0.2.2");
                }
            }
        }
    }

    /** Asks who serves; tries again if an answer stays out, as resolvers do, and then says so in a comment. */
    private static String dig(int port, String transport) {
        String output = ChildProcess.run(List.of(
                ChildProcess.program("dig", "bind9-dnsutils"),
                "@" + SERVED,
                "-p",
                Integer.toString(port),
                transport,
                "+short",
                "+timeout=2",
                "+tries=10",
                "who.test",
                "A"));
        return output.lines().filter(line -> !line.startsWith(";")).collect(Collectors.joining());
    }

    /** A dnsmasq that knows one name: who.test is 192.0.2.N for the server at 127.88.0.N. */
    private static final class NameServer implements AutoCloseable {
        private final String address;
        private final int port;
        private final ChildProcess process;

        NameServer(String address) throws IOException {
            this.address = address;
            InetAddress bound = InetAddress.getByName(address);
            port = FreePorts.on(bound);
            process = ChildProcess.start(List.of(
                    ChildProcess.program("dnsmasq", "dnsmasq-base"),
                    "--keep-in-foreground",
                    "--conf-file=/dev/null",
                    "--no-resolv",
                    "--no-hosts",
                    "--pid-file",
                    "--user=" + System.getProperty("user.name"),
                    "--bind-interfaces",
                    "--listen-address=" + address,
                    "--port=" + port,
                    "--host-record=who.test,192.0.2." + bound.getAddress()[3]));
        }

        String key() {
            return address + ":" + port;
        }

        void awaitReady() {
            await().until(() -> {
                try (Socket socket = new Socket(address, port)) {
                    return socket.isConnected();
                } catch (IOException e) {
                    assertThat(process.isAlive()).as("%s", process).isTrue();
                    return false;
                }
            });
        }

        void stop() {
            process.close();
        }

        @Override
        public void close() {
            stop();
        }
    }
}
