package io.lvs4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.ListenAddress;
import io.lvs4j.ServerKey;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class UserGatewayTest {
    private static final InetSocketAddress HOME = new InetSocketAddress("10.7.0.1", 40000);
    private static final InetSocketAddress TRAIN = new InetSocketAddress("10.7.9.9", 40000);

    @Test
    void aUserStaysOnOneServerWhereverTheyConnectFrom() {
        try (UserGateway gateway = new UserGateway(
                ListenAddress.of("10.8.0.1", 443), List.of(ServerKey.of("10.9.0.1", 1), ServerKey.of("10.9.0.2", 1)))) {
            ServerKey alices = gateway.serverFor("alice", HOME).orElseThrow().server();
            assertThat(gateway.serverFor("bob", HOME).orElseThrow().server()).isNotEqualTo(alices);
            assertThat(gateway.serverFor("alice", TRAIN).orElseThrow().server()).isEqualTo(alices);
            assertThat(gateway.logOut("alice")).isTrue();
            assertThat(gateway.logOut("alice")).isFalse();
        }
    }
}
