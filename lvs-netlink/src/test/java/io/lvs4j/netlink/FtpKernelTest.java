package io.lvs4j.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.AddressFamily;
import io.lvs4j.Director;
import io.lvs4j.VirtualService;
import io.lvs4j.netlink.ForwardingNetwork.WayBack;
import io.lvs4j.netlink.socket.NetworkNamespace;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** FTP in passive mode through NAT: the server names an address of its own, and the client must be told another. */
@Isolated // the module is the whole guest's
class FtpKernelTest {
    private static final int PATIENCE_MILLIS = 10_000;
    private static final int FTP = 21;
    private static final Pattern PASSIVE =
            Pattern.compile("227 .*\\((\\d+,\\d+,\\d+,\\d+),(\\d+),(\\d+)\\).*", Pattern.DOTALL);

    private final ForwardingNetwork network = ForwardingNetwork.get();

    /** What a client was told, and what came over the data connection. */
    private record Transfer(String address, ByteBuffer data) {}

    @Test
    void passiveClientsAreToldTheVirtualAddressAndGetTheirServersData() throws Exception {
        assertThat(network).isNotNull();
        byte[][] files = new byte[2][50_000];
        List<ServerSocket> listeners = new ArrayList<>();
        for (int number = 1; number <= 2; number++) {
            new Random(number).nextBytes(files[number - 1]);
            listeners.add(serve(number, files[number - 1]));
        }
        InetAddress virtual = ForwardingNetwork.virtual(AddressFamily.INET);
        VirtualService.Builder service =
                VirtualService.builder().listen(virtual.getHostAddress(), FTP).scheduler("rr");
        for (int number = 1; number <= 2; number++) {
            service.realServer(
                    ForwardingNetwork.server(AddressFamily.INET, number).getHostAddress(), FTP);
        }
        IpvsBackend backend = IpvsBackend.builder()
                .networkNamespace(ForwardingNetwork.DIRECTOR)
                .prepareHost(true)
                .build();
        try (Director director = Director.builder().backend(backend).build()) {
            director.add(service.build());
            assertThat(backend.prerequisites(List.of(service.build())))
                    .allMatch(Prerequisite::met)
                    .extracting(Prerequisite::name)
                    .contains("module ip_vs_ftp", "net.ipv4.vs.conntrack");
            for (int expected : new int[] {2, 1, 2}) {
                Transfer transfer = NetworkNamespace.call("/run/netns/fw-client", () -> retrieve(virtual));
                assertThat(transfer.address()).isEqualTo(virtual.getHostAddress());
                assertThat(transfer.data().equals(ByteBuffer.wrap(files[expected - 1])))
                        .isTrue(); // prints no 50 kB
            }
        } finally {
            for (ServerSocket listener : listeners) {
                listener.close();
            }
        }
    }

    /** Serves one file: {@code PASV} is answered with the server's own address, and the data connection sends the file. */
    private static ServerSocket serve(int number, byte[] file) {
        ServerSocket listener = NetworkNamespace.call("/run/netns/fw-server" + number, () -> new ServerSocket(FTP));
        Thread thread = new Thread(
                () -> {
                    while (!listener.isClosed()) {
                        try (Socket control = listener.accept()) {
                            serve(control, number, file);
                        } catch (IOException e) {
                            // the client has what it wants, or its test fails
                        }
                    }
                },
                "test-ftp");
        thread.setDaemon(true);
        thread.start();
        return listener;
    }

    private static void serve(Socket control, int number, byte[] file) throws IOException {
        control.setSoTimeout(PATIENCE_MILLIS);
        BufferedReader commands = reader(control);
        say(control, "220 ready");
        String own = control.getLocalAddress().getHostAddress().replace('.', ',');
        try (ServerSocket data = NetworkNamespace.call("/run/netns/fw-server" + number, () -> new ServerSocket(0))) {
            data.setSoTimeout(PATIENCE_MILLIS);
            if ("PASV".equals(commands.readLine())) {
                int port = data.getLocalPort();
                say(control, "227 Entering Passive Mode (" + own + "," + (port >> 8) + "," + (port & 255) + ")");
                try (Socket client = data.accept()) {
                    client.getOutputStream().write(file);
                }
                say(control, "226 done");
            }
        }
    }

    private static Transfer retrieve(InetAddress virtual) throws IOException {
        InetAddress client = WayBack.THROUGH_DIRECTOR.client(AddressFamily.INET);
        try (Socket control = connect(client, virtual, FTP)) {
            BufferedReader answers = reader(control);
            assertThat(answers.readLine()).startsWith("220");
            say(control, "PASV");
            MatchResult passive =
                    PASSIVE.matcher(answers.readLine()).results().findFirst().orElseThrow();
            String address = passive.group(1).replace(',', '.');
            int port = (Integer.parseInt(passive.group(2)) << 8) + Integer.parseInt(passive.group(3));
            try (Socket data = connect(client, InetAddress.getByName(address), port)) {
                byte[] bytes = data.getInputStream().readAllBytes();
                assertThat(answers.readLine()).startsWith("226");
                return new Transfer(address, ByteBuffer.wrap(bytes));
            }
        }
    }

    private static Socket connect(InetAddress from, InetAddress to, int port) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.bind(new InetSocketAddress(from, 0));
        socket.connect(new InetSocketAddress(to, port), PATIENCE_MILLIS);
        return socket;
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
    }

    private static void say(Socket socket, String line) throws IOException {
        socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }
}
