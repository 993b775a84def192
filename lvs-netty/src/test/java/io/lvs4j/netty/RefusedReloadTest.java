package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.ApplyException;
import io.lvs4j.ForwardingMethod;
import io.lvs4j.ServiceHandle;
import io.lvs4j.UnsupportedSettingException;
import io.lvs4j.VirtualService;
import io.lvs4j.check.MiscCheck;
import io.lvs4j.check.TcpCheck;
import io.lvs4j.spi.Ticker;
import java.net.ServerSocket;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Tables that cannot be served, given to a director while clients come, stay and go. */
@ParameterizedClass
@EnumSource(names = {"EPOLL", "NIO"})
class RefusedReloadTest {
    private static final int SERVERS = 20;
    private static final int CLIENTS = 100;

    @Parameter
    Transport transport;

    private Lab lab;

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void theOldTableServesOnAndNobodyIsCut() throws Exception {
        lab = new Lab(transport, Ticker.system());
        ServerFarm farm = lab.keep(new ServerFarm(SERVERS));
        ServiceHandle service = lab.serve(b -> {
            for (int i = 0; i < SERVERS; i++) {
                b.realServer(farm.key(i).toString());
            }
            return b.healthCheck(
                    TcpCheck.builder().connectPort(farm.checkPort()).build());
        });
        VirtualService old = service.description();
        SteadyClients clients =
                lab.keep(new SteadyClients(Lab.addressOf(service), CLIENTS, SERVERS, (server, since) -> {}));
        clients.awaitRound();

        // Each would also take half of the servers away.
        VirtualService halved = old.withRealServers(old.realServers().subList(0, SERVERS / 2));
        refuse(
                List.of(halved.toBuilder()
                        .forwarding(ForwardingMethod.directRouting())
                        .build()),
                UnsupportedSettingException.class,
                "direct-routing");
        refuse(
                List.of(halved.toBuilder()
                        .healthCheck(MiscCheck.program("/nowhere/check").build())
                        .build()),
                IllegalArgumentException.class,
                "/nowhere/check");
        refuse(
                List.of(
                        halved,
                        VirtualService.builder()
                                .listen(Lab.VIP, Lab.addressOf(service).getPort())
                                .build()),
                IllegalArgumentException.class,
                service.key().toString());
        clients.awaitRound();
        try (ServerSocket taken = new ServerSocket(0, 1, Lab.addressOf(service).getAddress())) {
            VirtualService elsewhere = VirtualService.builder()
                    .listen(Lab.VIP, taken.getLocalPort())
                    .build();
            refuse(
                    List.of(old, elsewhere),
                    ApplyException.class,
                    elsewhere.key().toString());
        }
        clients.awaitRound();

        clients.end();
        assertThat(clients.cut).isEmpty();
        assertThat(clients.complaints).isEmpty();
    }

    private void refuse(Collection<VirtualService> desired, Class<? extends Exception> error, String word) {
        var before = lab.director.snapshot().services().stream()
                .map(each -> each.service())
                .toList();
        assertThatThrownBy(() -> lab.director.apply(desired))
                .isInstanceOf(error)
                .hasMessageContaining(word);
        assertThat(lab.director.snapshot().services().stream()
                        .map(each -> each.service())
                        .toList())
                .isEqualTo(before);
    }
}
