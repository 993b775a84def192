package io.lvs4j.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.spi.NameResolver;
import io.lvs4j.testkit.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Against a real dnsmasq. */
class NettyNameResolverTest {

    /** A name server on loopback that knows what its options say. */
    private record Dnsmasq(Process process, int port) implements AutoCloseable {
        static Dnsmasq start(String... options) throws IOException {
            int port = FreePorts.on(InetAddress.getLoopbackAddress());
            Process process = new ProcessBuilder(Stream.concat(
                                    Stream.of(
                                            program(),
                                            "--keep-in-foreground",
                                            "--conf-file=/dev/null",
                                            "--no-resolv",
                                            "--no-hosts",
                                            "--user=root",
                                            "--pid-file",
                                            "--bind-interfaces",
                                            "--listen-address=127.0.0.1",
                                            "--port=" + port),
                                    Stream.of(options))
                            .toList())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return new Dnsmasq(process, port);
        }

        private static String program() {
            return Stream.of("/usr/sbin/dnsmasq", "/usr/bin/dnsmasq")
                    .filter(path -> Files.isExecutable(Path.of(path)))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(
                            "dnsmasq is not installed; ./test installs it (Debian package dnsmasq-base)"));
        }

        NettyNameResolver resolver() {
            return NettyNameResolver.asking(List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    private static NameResolver.Answer ask(NettyNameResolver resolver, String name) throws Exception {
        return resolver.resolve(name).toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    /** The server may not be listening yet. */
    private static NameResolver.Answer await(NettyNameResolver resolver, String name) {
        return Awaitility.await().ignoreExceptions().until(() -> ask(resolver, name), answer -> true);
    }

    @Test
    void aNameStandsForAllItsAddressesForTheShortestOfTheirTimesToLive() throws Exception {
        try (Dnsmasq dns = Dnsmasq.start(
                        "--host-record=app.test,192.0.2.1,2001:db8::1,120", "--host-record=app.test,192.0.2.2,7");
                NettyNameResolver resolver = dns.resolver()) {
            NameResolver.Answer answer = await(resolver, "app.test");

            assertThat(answer.addresses())
                    .extracting(InetAddress::getHostAddress)
                    .contains("192.0.2.1", "2001:db8:0:0:0:0:0:1");
            assertThat(answer.timeToLive()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(120));
        }
    }

    @Test
    void aNameThatIsAskedForAgainIsLookedUpAgain() throws Exception {
        int port;
        try (Dnsmasq dns = Dnsmasq.start("--host-record=app.test,192.0.2.1,3600");
                NettyNameResolver resolver = dns.resolver()) {
            assertThat(await(resolver, "app.test").timeToLive()).isEqualTo(Duration.ofHours(1));
            port = dns.port;
            dns.process.destroyForcibly().waitFor();

            assertThatThrownBy(() -> ask(resolver, "app.test")).isInstanceOf(ExecutionException.class);
        }
        assertThat(port).isPositive();
    }

    @Test
    void aNameThatDoesNotExistIsAFailure() throws Exception {
        try (Dnsmasq dns = Dnsmasq.start("--host-record=app.test,192.0.2.1", "--local=/test/");
                NettyNameResolver resolver = dns.resolver()) {
            await(resolver, "app.test");

            assertThatThrownBy(() -> ask(resolver, "other.test"))
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("other.test");
        }
    }

    @Test
    void aNameOfTheHostsFileNeedsNoNameServer() throws Exception {
        try (NettyNameResolver resolver = NettyNameResolver.asking(
                List.of(new InetSocketAddress("127.0.0.1", FreePorts.on(InetAddress.getLoopbackAddress()))))) {
            NameResolver.Answer answer = ask(resolver, "localhost");

            assertThat(answer.addresses()).allMatch(InetAddress::isLoopbackAddress);
            assertThat(answer.timeToLive()).isEqualTo(NettyNameResolver.LOCAL_TIME_TO_LIVE);
        }
    }

    @Test
    void aClosedResolverAnswersNobodyAndLeavesNoThread() {
        NettyNameResolver resolver = NettyNameResolver.create();
        resolver.close();
        resolver.close();

        assertThat(resolver.resolve("localhost").toCompletableFuture()).isCompletedExceptionally();
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(t -> t.getName().equals("lvs-names-1") && t.isAlive());
    }
}
