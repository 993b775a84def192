package io.lvs4j.examples;

import io.lvs4j.Director;
import io.lvs4j.VirtualService;
import io.lvs4j.check.TcpCheck;
import io.lvs4j.netty.NettyBackend;
import io.lvs4j.vrrp.VirtualRouter;
import io.lvs4j.vrrp.VrrpSpeaker;
import java.util.concurrent.CountDownLatch;

/** A service on an address that this host shares with another. The code is what README.md shows; its addresses are for you to change. */
final class FloatingService {
    private FloatingService() {}

    /**
     * Serves while this host is master, until the process ends.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) throws InterruptedException {
        // tag::readme
        VrrpSpeaker speaker = VrrpSpeaker.builder()
                .router(VirtualRouter.builder()
                        .name("web")
                        .networkInterface("eth0")
                        .virtualRouterId(51)
                        .priority(150)
                        .address("10.0.0.5/24")
                        .build())
                .listener(event -> System.out.println(event))
                .build();
        try (Director director = speaker.directorOn(NettyBackend.create()).build();
                speaker) {
            director.add(VirtualService.builder()
                    .listen("10.0.0.5", 80)
                    .healthCheck(TcpCheck.builder().build())
                    .realServer("10.0.0.11", 80)
                    .realServer("10.0.0.12", 80)
                    .build());
            speaker.start();
            new CountDownLatch(1).await();
        }
        // end::readme
    }
}
