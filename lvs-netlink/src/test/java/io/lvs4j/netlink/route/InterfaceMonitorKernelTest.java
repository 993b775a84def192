package io.lvs4j.netlink.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.netlink.frame.MacAddress;
import io.lvs4j.netlink.socket.Poller;
import io.lvs4j.netlink.socket.TwoHosts;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a monitor tells while others change things. */
class InterfaceMonitorKernelTest {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private TwoHosts hosts;
    private RouteNetlink kernel;
    private InterfaceMonitor monitor;
    private Poller poller;
    private int eth0;

    @BeforeEach
    void begin() {
        hosts = new TwoHosts();
        kernel = RouteNetlink.open(hosts.left());
        eth0 = kernel.link("eth0").orElseThrow().index();
        monitor = InterfaceMonitor.open(hosts.left());
        poller = Poller.open();
        poller.add(monitor.pollable());
    }

    @AfterEach
    void end() {
        poller.close();
        monitor.close();
        kernel.close();
        hosts.close();
    }

    /** Returns all that is told until something is. */
    private List<Change> until(Predicate<Change> expected) {
        List<Change> told = new ArrayList<>();
        long begin = System.nanoTime();
        while (told.stream().noneMatch(expected)) {
            assertThat(System.nanoTime() - begin).isLessThan(PATIENCE_NANOS);
            poller.poll(TimeUnit.SECONDS.toNanos(1));
            told.addAll(monitor.changes());
        }
        return told;
    }

    private InterfaceAddress vip(int number) {
        return InterfaceAddress.of(eth0, RouteNetlinkKernelTest.address("10.66.9." + number), 32);
    }

    @Test
    void theFirstPictureIsWhatThereIs() {
        assertThat(monitor.links()).containsExactlyInAnyOrderElementsOf(kernel.links());
        assertThat(monitor.addresses()).hasSameSizeAs(kernel.addresses());
        assertThat(monitor.link("eth0").orElseThrow().index()).isEqualTo(eth0);
        assertThat(monitor.resynchronisations()).isZero();
    }

    @Test
    void theLossOfTheCarrierIsToldAndItsReturn() {
        hosts.rightIp("link set eth0 down");
        until(change -> change instanceof Change.LinkSet set
                && set.link().index() == eth0
                && !set.link().isRunning());
        assertThat(monitor.link("eth0").orElseThrow().isUp()).isTrue();
        hosts.rightIp("link set eth0 up");
        until(change -> change instanceof Change.LinkSet set
                && set.link().index() == eth0
                && set.link().isRunning());
        assertThat(monitor.link("eth0").orElseThrow().isRunning()).isTrue();
    }

    @Test
    void anAddressIsToldWhenItComesAndGoesButNotWhenItIsRenewed() {
        InterfaceAddress vip = vip(1);
        kernel.add(vip.withLifetimes(600, 600));
        until(change -> change instanceof Change.AddressSet set && set.address().isSameAs(vip));
        kernel.replace(vip.withLifetimes(700, 700));
        kernel.replace(vip.withLifetimes(800, 800));
        kernel.remove(vip);
        List<Change> told = until(change ->
                change instanceof Change.AddressGone gone && gone.address().isSameAs(vip));
        assertThat(told).noneMatch(change -> change instanceof Change.AddressSet);
    }

    @Test
    void anAddressWhoseLifetimeIsOverIsToldAsGone() {
        kernel.add(vip(2).withLifetimes(1, 1));
        until(change ->
                change instanceof Change.AddressGone gone && gone.address().isSameAs(vip(2)));
        assertThat(monitor.addresses()).noneMatch(address -> address.isSameAs(vip(2)));
    }

    @Test
    void anInterfaceThatGoesTakesItsAddressesWithIt() {
        Link link = kernel.addMacvlan("vrrp.1", eth0, MacAddress.parse("00:00:5e:00:01:01"));
        InterfaceAddress vip = InterfaceAddress.of(link.index(), RouteNetlinkKernelTest.address("10.66.0.9"), 32);
        kernel.add(vip);
        until(change -> change instanceof Change.AddressSet set && set.address().isSameAs(vip));
        kernel.removeLink(link.index());
        List<Change> told = until(change ->
                change instanceof Change.LinkGone gone && gone.link().name().equals("vrrp.1"));
        assertThat(told)
                .anyMatch(change -> change instanceof Change.AddressGone gone
                        && gone.address().isSameAs(vip));
        assertThat(monitor.links()).containsExactlyInAnyOrderElementsOf(kernel.links());
    }

    @Test
    void whatIsLostBecauseNobodyReadsIsFoundByListing() {
        try (InterfaceMonitor small = hosts.onLeft(() -> InterfaceMonitor.open(1))) {
            kernel.add(vip(1));
            kernel.add(vip(2));
            small.changes();
            kernel.remove(vip(1));
            for (int i = 0; i < 200; i++) {
                kernel.add(vip(3));
                kernel.remove(vip(3));
            }
            kernel.remove(vip(2));
            kernel.add(vip(4));
            List<Change> told = small.changes();
            assertThat(small.resynchronisations()).isPositive();
            assertThat(told)
                    .anyMatch(it -> it instanceof Change.AddressGone gone
                            && gone.address().isSameAs(vip(1)));
            assertThat(told)
                    .anyMatch(it -> it instanceof Change.AddressGone gone
                            && gone.address().isSameAs(vip(2)));
            assertThat(told)
                    .anyMatch(it ->
                            it instanceof Change.AddressSet set && set.address().isSameAs(vip(4)));
            assertThat(keys(small.addresses())).isEqualTo(keys(kernel.addresses()));
            assertThat(small.links()).containsExactlyInAnyOrderElementsOf(kernel.links());
        }
    }

    private static Set<InterfaceAddress.Key> keys(List<InterfaceAddress> addresses) {
        Set<InterfaceAddress.Key> keys = new HashSet<>();
        addresses.forEach(address -> keys.add(address.key()));
        return keys;
    }
}
