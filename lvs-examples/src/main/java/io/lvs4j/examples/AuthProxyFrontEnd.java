package io.lvs4j.examples;

import io.lvs4j.Director;
import io.lvs4j.ListenAddress;
import io.lvs4j.RealServer;
import io.lvs4j.ServerKey;
import io.lvs4j.VirtualService;
import io.lvs4j.check.TcpCheck;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * The balancer before several authentication gateways, as security vendors' guides set it up with keepalived: one address,
 * round robin, and persistence, because a log-in breaks when its client changes gateways half-way. Here it lives inside a
 * Java process, needs no privileges, and the gateways need no route back through it.
 *
 * <p>Usage: {@code AuthProxyFrontEnd 10.64.1.2:10000 192.168.1.100:8089 192.168.1.101:18089}
 */
final class AuthProxyFrontEnd {
    private AuthProxyFrontEnd() {}

    // tag::service
    static VirtualService service(ListenAddress address, List<ServerKey> gateways) {
        VirtualService.Builder service = VirtualService.builder()
                .listen(address)
                .scheduler("rr")
                .persistence(Duration.ofSeconds(10))
                .healthCheck(TcpCheck.builder()
                        .delayLoop(Duration.ofSeconds(20))
                        .connectTimeout(Duration.ofSeconds(3))
                        .build());
        for (ServerKey gateway : gateways) {
            service.realServer(RealServer.builder(gateway).build());
        }
        return service.build();
    }
    // end::service

    /** Serves until Ctrl-C. */
    public static void main(String[] args) throws InterruptedException {
        if (args.length < 2) {
            System.err.println("usage: AuthProxyFrontEnd 10.64.1.2:10000 192.168.1.100:8089 192.168.1.101:18089");
            System.exit(2);
        }
        ListenAddress address = ListenAddress.parse(args[0]);
        List<ServerKey> gateways =
                Arrays.stream(args).skip(1).map(ServerKey::parse).toList();
        try (Director director =
                Director.builder().listener(System.out::println).build()) {
            director.add(service(address, gateways));
            new CountDownLatch(1).await();
        }
    }
}
