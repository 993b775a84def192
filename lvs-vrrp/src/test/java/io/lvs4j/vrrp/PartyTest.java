package io.lvs4j.vrrp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lvs4j.LvsException;
import io.lvs4j.netlink.route.InterfaceMonitor;
import io.lvs4j.netlink.route.Link;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A process may stand still between any two of its steps: here, a higher priority is heard meanwhile. */
class PartyTest {
    private static final Candidate CANDIDATE = Candidate.PLAIN;
    private static final Candidate HIGHER = CANDIDATE.on(2, 150);

    private static final Following FOLLOWING = new Following() {
        @Override
        public void happened(VrrpEvent event) {
            // the kernel is asked
        }

        @Override
        public void addressesAdded(VirtualRouter router) {
            // nobody waits for clients
        }
    };

    private final AtomicLong clock = new AtomicLong();
    private Lan lan;
    private Host host;
    private Party party;

    @BeforeEach
    void becomeMaster() {
        assumeTrue("root".equals(System.getProperty("user.name")), "network namespaces are made by root");
        lan = new Lan(2);
        host = Host.open(Optional.of(lan.namespace(1)));
        VirtualRouters routers =
                VirtualRouters.builder().router(CANDIDATE.router()).build();
        host.interfaces().comeAndGo(routers);
        party = new Party(routers.together().get(0), host, clock::get, FOLLOWING);
        party.open();
        party.begin();
        clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
        party.timer();
        Diary.until(() -> {
            party.renew(); // the kernel's time does not wait for this test
            return lan.has(1, CANDIDATE.vip());
        });
        host.monitor().changes();
    }

    @AfterEach
    void end() {
        if (lan != null) {
            party.close();
            host.close();
            lan.close();
        }
    }

    @Test
    void addressesThatAnotherHasTakenOverAreNotRenewed() {
        higherSpeaks();
        party.renew();
        assertThat(lan.holders(CANDIDATE.vip())).isEmpty();
    }

    @Test
    void addressesThatAnotherHasTakenOverAreNotAddedAgainWhenTheirTimeIsOver() {
        higherSpeaks();
        clock.addAndGet(AddressKeeper.LIFETIME.toNanos());
        Diary.until(() -> !lan.has(1, CANDIDATE.vip()));
        party.changed(host.monitor().changes());
        assertThat(lan.holders(CANDIDATE.vip())).isEmpty();
    }

    /** Lets the other host send an advert, and waits until it could be received. */
    private void higherSpeaks() {
        List<LvsException> failures = new ArrayList<>();
        try (InterfaceMonitor monitor = InterfaceMonitor.open(lan.namespace(2))) {
            Link link = monitor.link("eth0").orElseThrow();
            VirtualRouter router = HIGHER.router();
            try (AdvertSocket socket =
                    AdvertSocket.open(router, link, Optional.empty(), Optional.of(lan.namespace(2)))) {
                AdvertisementReceiver receiver = new AdvertisementReceiver(router, HIGHER.source());
                socket.send(Advertisement.of(router, HIGHER.priority()), receiver, HIGHER.source(), failures);
            }
        }
        assertThat(failures).isEmpty();
        host.poller().remove(host.monitor().pollable());
        assertThat(host.poller().poll(Duration.ofSeconds(60).toNanos())).isNotEmpty();
    }
}
