package io.lvs4j.netty;

import io.lvs4j.Protocol;
import io.lvs4j.RealServer;
import io.lvs4j.ServiceHandle;
import io.lvs4j.VirtualService;
import io.lvs4j.spi.ServerCounters;
import java.io.IOException;
import java.util.function.UnaryOperator;

/** A lab with UDP services. */
abstract class UdpTest extends TransportTest {

    UdpServer echo() {
        return lab.keep(UdpServer.echo());
    }

    UdpServer silent() {
        return lab.keep(UdpServer.silent());
    }

    /** Serves with round robin on a free port. IPVS's order: the server named last comes first. */
    ServiceHandle serve(UdpServer... servers) {
        return serve(UnaryOperator.identity(), servers);
    }

    ServiceHandle serve(UnaryOperator<VirtualService.Builder> settings, UdpServer... servers) {
        VirtualService.Builder service = VirtualService.builder()
                .protocol(Protocol.UDP)
                .listen(Lab.VIP, Lab.freePort(Lab.VIP))
                .scheduler("rr");
        for (UdpServer server : servers) {
            service.realServer(RealServer.builder(server.key()).build());
        }
        return lab.director.add(settings.apply(service).build());
    }

    UdpClient client(ServiceHandle service) throws IOException {
        return client("127.0.0.1", service);
    }

    UdpClient client(String address, ServiceHandle service) throws IOException {
        return lab.keep(new UdpClient(address, Lab.addressOf(service)));
    }

    static ServerCounters counters(ServiceHandle service, UdpServer server) {
        return service.snapshot().server(server.key()).counters();
    }
}
