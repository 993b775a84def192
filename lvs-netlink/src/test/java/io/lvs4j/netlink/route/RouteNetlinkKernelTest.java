package io.lvs4j.netlink.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.AddressFamily;
import io.lvs4j.AddressPrefix;
import io.lvs4j.netlink.frame.MacAddress;
import io.lvs4j.netlink.socket.Errno;
import io.lvs4j.netlink.socket.TwoHosts;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@code ip} says of what was done, and the other way round. */
class RouteNetlinkKernelTest {
    private static final MacAddress VIRTUAL = MacAddress.parse("00:00:5e:00:01:33");
    private static final InterfaceAddress NONE = InterfaceAddress.of(1, address("10.66.0.9"), 24);

    private TwoHosts hosts;
    private RouteNetlink kernel;
    private int eth0;

    @BeforeEach
    void begin() {
        hosts = new TwoHosts();
        kernel = RouteNetlink.open(hosts.left());
        eth0 = kernel.link("eth0").orElseThrow().index();
    }

    @AfterEach
    void end() {
        kernel.close();
        hosts.close();
    }

    static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(BooleanSupplier condition) {
        long begin = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(60));
        }
    }

    private Optional<InterfaceAddress> find(InterfaceAddress address) {
        return kernel.addresses().stream().filter(address::isSameAs).findFirst();
    }

    // ---------------------------------------------------------------- interfaces

    @Test
    void interfacesAreListedAndFoundByNameAndNumber() {
        Link link = kernel.link("eth0").orElseThrow();
        assertThat(link.isRunning()).isTrue();
        assertThat(link.isLoopback()).isFalse();
        assertThat(link.kind()).contains("veth");
        assertThat(link.mtu()).isEqualTo(1500);
        assertThat(hosts.leftIp("link show dev eth0"))
                .contains("link/ether " + link.mac().orElseThrow());
        assertThat(kernel.link(link.index())).contains(link);
        assertThat(kernel.links()).extracting(Link::name).contains("lo", "eth0");
        assertThat(kernel.link("lo").orElseThrow().isLoopback()).isTrue();
        assertThat(kernel.link("lo").orElseThrow().kind()).isEmpty();
        for (String name : List.of("eth9", "", "longer-than-fifteen-bytes")) {
            assertThat(kernel.link(name)).isEmpty();
        }
        assertThat(kernel.link(4711)).isEmpty();
        assertThat(kernel.link(0)).isEmpty();
    }

    @Test
    void anInterfaceIsSetUpAndDown() {
        kernel.setUp(eth0, false);
        assertThat(kernel.link(eth0).orElseThrow().isUp()).isFalse();
        kernel.setUp(eth0, true);
        assertThat(kernel.link(eth0).orElseThrow().isUp()).isTrue();
    }

    @Test
    void aMacvlanIsPrivateHasItsAddressAndIsSetAsVrrpWantsIt() {
        Link link = kernel.addMacvlan("vrrp.51", eth0, VIRTUAL);
        assertThat(link.isUp()).isTrue();
        assertThat(link.mac()).contains(VIRTUAL);
        assertThat(link.kind()).contains("macvlan");
        assertThat(link.macvlanMode()).isEqualTo(OptionalInt.of(Link.MACVLAN_PRIVATE));
        assertThat(link.parent()).isEqualTo(OptionalInt.of(eth0));
        assertThat(hosts.leftIp("-d link show dev vrrp.51")).contains("macvlan mode private", "addrgenmode none");
        assertThat(hosts.leftIp("-6 address show dev vrrp.51")).doesNotContain("fe80");
        assertThat(kernel.setting(link.index(), Ipv4Setting.ARP_IGNORE)).isOne();
        assertThat(kernel.setting(link.index(), Ipv4Setting.ACCEPT_LOCAL)).isOne();
        assertThat(kernel.setting(link.index(), Ipv4Setting.PROMOTE_SECONDARIES))
                .isOne();
        assertThat(kernel.setting(link.index(), Ipv4Setting.RP_FILTER)).isZero();

        assertThatThrownBy(() -> kernel.addMacvlan("vrrp.51", eth0, VIRTUAL))
                .hasMessageContaining("vrrp.51")
                .isInstanceOfSatisfying(
                        RouteException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EEXIST));
        kernel.removeLink(link.index());
        assertThat(kernel.link("vrrp.51")).isEmpty();
        assertThatThrownBy(() -> kernel.removeLink(link.index()))
                .isInstanceOfSatisfying(
                        RouteException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENODEV));
    }

    @Test
    void settingsAreReadAndWrittenAsUnderProc() {
        for (Ipv4Setting setting : Ipv4Setting.values()) {
            int other = kernel.setting(eth0, setting) == 1 ? 0 : 1;
            kernel.settings(eth0, Map.of(setting, other));
            assertThat(kernel.setting(eth0, setting)).isEqualTo(other);
            String file = "/proc/sys/net/ipv4/conf/eth0/" + setting.name().toLowerCase(Locale.ROOT);
            String value = hosts.onLeft(() -> Files.readString(Path.of(file)));
            assertThat(value.trim()).isEqualTo(Integer.toString(other));
        }
    }

    @Test
    void whetherIpv6IsForwardedIsReadAsUnderProc() {
        for (boolean forwards : new boolean[] {true, false}) {
            Path file = Path.of("/proc/sys/net/ipv6/conf/eth0/forwarding");
            hosts.onLeft(() -> Files.writeString(file, forwards ? "1" : "0"));
            assertThat(kernel.forwardsIpv6(eth0)).isEqualTo(forwards);
        }
        assertThatThrownBy(() -> kernel.forwardsIpv6(4711)).hasMessageContaining("interface 4711: ENODEV");
    }

    // ---------------------------------------------------------------- addresses

    @Test
    void anAddressIsListedAsItWasAdded() {
        InterfaceAddress full = new InterfaceAddress(
                eth0,
                address("10.99.0.9"),
                24,
                Optional.empty(),
                200,
                Optional.of("eth0:vip"),
                Optional.of(address("10.99.0.255")),
                InterfaceAddress.NO_PREFIX_ROUTE,
                InterfaceAddress.FOREVER,
                InterfaceAddress.FOREVER,
                0);
        kernel.add(full);
        assertThat(find(full).orElseThrow()).isEqualTo(full.withFlags(full.flags() | InterfaceAddress.PERMANENT));
        assertThat(hosts.leftIp("-4 address show dev eth0"))
                .contains("inet 10.99.0.9/24 brd 10.99.0.255 scope site noprefixroute eth0:vip");
        assertThatThrownBy(() -> kernel.add(full))
                .hasMessageContaining("add address 10.99.0.9/24 on interface " + eth0)
                .isInstanceOfSatisfying(
                        RouteException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EEXIST));
        kernel.remove(full);
        assertThat(find(full)).isEmpty();
        assertThatThrownBy(() -> kernel.remove(full))
                .isInstanceOfSatisfying(
                        RouteException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EADDRNOTAVAIL));
    }

    @Test
    void anIpv6AddressCanBeUsedAtOnceAndNotPreferred() {
        InterfaceAddress vip = InterfaceAddress.of(eth0, address("fd66::9"), 128)
                .withFlags(InterfaceAddress.NO_DAD | InterfaceAddress.HOME)
                .withLifetimes(0, InterfaceAddress.FOREVER);
        kernel.add(vip);
        assertThat(hosts.leftIp("-6 address show dev eth0"))
                .containsPattern(
                        "inet6 fd66::9/128 scope global .*nodad .*deprecated|inet6 fd66::9/128 scope global .*deprecated .*nodad");
        InterfaceAddress listed = find(vip).orElseThrow();
        assertThat(listed.preferredSeconds()).isZero();
        assertThat(listed.validSeconds()).isEqualTo(InterfaceAddress.FOREVER);
        assertThat(listed.flags() & InterfaceAddress.TENTATIVE).isZero();
        kernel.remove(vip);
        assertThat(find(vip)).isEmpty();
    }

    @Test
    void aPeerIsToldApartFromTheAddress() {
        for (String[] pair : new String[][] {{"10.77.0.1", "10.77.0.2"}, {"fd77::1", "fd77::2"}}) {
            InterfaceAddress address = InterfaceAddress.of(eth0, address(pair[0]), pair[0].contains(":") ? 128 : 32);
            InterfaceAddress withPeer = new InterfaceAddress(
                    eth0,
                    address.address(),
                    address.prefixLength(),
                    Optional.of(address(pair[1])),
                    0,
                    Optional.empty(),
                    Optional.empty(),
                    InterfaceAddress.NO_DAD,
                    InterfaceAddress.FOREVER,
                    InterfaceAddress.FOREVER,
                    0);
            kernel.add(withPeer);
            assertThat(find(withPeer).orElseThrow().peer()).contains(address(pair[1]));
            kernel.remove(withPeer);
            assertThat(find(withPeer)).isEmpty();
        }
    }

    @Test
    void anAddressWhoseLifetimeNobodyRenewsIsRemovedByTheKernel() {
        for (String text : List.of("10.66.0.9", "fd66::9")) {
            InterfaceAddress mortal = InterfaceAddress.of(eth0, address(text), text.contains(":") ? 128 : 32)
                    .withFlags(InterfaceAddress.NO_DAD)
                    .withLifetimes(1, 1);
            kernel.replace(mortal);
            await(() -> find(mortal).isEmpty());
            assertThat(find(mortal)).isEmpty();
        }
    }

    @Test
    void aLifetimeIsRenewedAndTakenAwayByReplacing() {
        for (String text : List.of("10.66.0.9", "fd66::9")) {
            InterfaceAddress vip = InterfaceAddress.of(eth0, address(text), text.contains(":") ? 128 : 32)
                    .withFlags(InterfaceAddress.NO_DAD);
            kernel.replace(vip.withLifetimes(600, 600));
            assertThat(find(vip).orElseThrow().validSeconds()).isBetween(500L, 600L);
            kernel.replace(vip.withLifetimes(0, 6000));
            assertThat(find(vip).orElseThrow().validSeconds()).isBetween(5000L, 6000L);
            assertThat(find(vip).orElseThrow().preferredSeconds()).isZero();
            kernel.replace(vip);
            assertThat(find(vip).orElseThrow().validSeconds()).isEqualTo(InterfaceAddress.FOREVER);
        }
    }

    @Test
    void whoHasAddedAnAddressCanBeToldWhereTheKernelRemembersIt() {
        InterfaceAddress vip =
                InterfaceAddress.of(eth0, address("10.66.0.9"), 32).withProtocol(112);
        kernel.add(vip);
        assertThat(find(vip).orElseThrow().protocol()).isIn(112, 0); // 0 before Linux 5.18
    }

    @Test
    void anAddressOnNoInterfaceIsRefused() {
        assertThatThrownBy(() -> kernel.add(InterfaceAddress.of(4711, address("10.66.0.9"), 24)))
                .hasMessageContaining("10.66.0.9/24 on interface 4711: ENODEV");
        assertThat(find(NONE)).isEmpty();
    }

    // ---------------------------------------------------------------- routes and rules

    @Test
    void routesAreAddedAndRemovedAsIpShowsThem() {
        Route viaGateway = Route.of(AddressPrefix.parse("10.1.0.0/16"), Optional.of(address("10.66.0.2")), eth0);
        kernel.add(viaGateway);
        assertThat(hosts.leftIp("route show 10.1.0.0/16"))
                .contains("10.1.0.0/16 via 10.66.0.2 dev eth0 proto keepalived");
        assertThatThrownBy(() -> kernel.add(viaGateway))
                .hasMessageContaining("add route unicast 10.1.0.0/16 via 10.66.0.2")
                .isInstanceOfSatisfying(
                        RouteException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EEXIST));
        kernel.remove(viaGateway);
        assertThat(hosts.leftIp("route show 10.1.0.0/16")).isBlank();
        assertThatThrownBy(() -> kernel.remove(viaGateway))
                .isInstanceOfSatisfying(
                        RouteException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ESRCH));

        Route onLink = Route.of(AddressPrefix.parse("10.2.0.0/16"), Optional.empty(), eth0);
        kernel.add(onLink);
        assertThat(hosts.leftIp("route show 10.2.0.0/16")).contains("10.2.0.0/16 dev eth0 proto keepalived scope link");
        kernel.remove(onLink);

        Route six = Route.of(AddressPrefix.parse("fd01::/64"), Optional.of(address("fd66::2")), eth0);
        kernel.add(six);
        assertThat(hosts.leftIp("-6 route show fd01::/64")).contains("fd01::/64 via fd66::2 dev eth0 proto keepalived");
        kernel.remove(six);
        assertThat(hosts.leftIp("-6 route show fd01::/64")).isBlank();
    }

    @Test
    void aDefaultRouteOfAnotherTableHasSourceAndMetric() {
        Route route = new Route(
                Route.Type.UNICAST,
                AddressFamily.INET,
                Optional.empty(),
                Optional.of(address("10.66.0.2")),
                OptionalInt.empty(),
                Optional.of(address("10.66.0.1")),
                OptionalInt.empty(),
                1000,
                Optional.of(7L));
        kernel.add(route);
        assertThat(hosts.leftIp("route show table 1000"))
                .contains("default via 10.66.0.2 dev eth0 proto keepalived src 10.66.0.1 metric 7");
        kernel.remove(route);
    }

    @Test
    void routesWithoutAnInterfaceSayWhatBecomesOfPackets() {
        for (Route.Type type :
                List.of(Route.Type.BLACKHOLE, Route.Type.UNREACHABLE, Route.Type.PROHIBIT, Route.Type.THROW)) {
            for (String network : List.of("10.3.0.0/16", "fd03::/64")) {
                Route route = new Route(
                        type,
                        network.contains(":") ? AddressFamily.INET6 : AddressFamily.INET,
                        Optional.of(AddressPrefix.parse(network)),
                        Optional.empty(),
                        OptionalInt.empty(),
                        Optional.empty(),
                        OptionalInt.empty(),
                        Route.MAIN,
                        Optional.empty());
                kernel.add(route);
                String option = network.contains(":") ? "-6 " : "-4 ";
                assertThat(hosts.leftIp(
                                option + "route show type " + type.name().toLowerCase(Locale.ROOT)))
                        .contains(network);
                kernel.remove(route);
            }
        }
    }

    @Test
    void rulesAreAddedAndRemovedAsIpShowsThem() {
        RoutingRule rule = new RoutingRule(
                AddressFamily.INET,
                Optional.of(AddressPrefix.parse("10.1.0.0/16")),
                Optional.of(AddressPrefix.parse("10.2.0.0/16")),
                Optional.of("eth0"),
                Optional.empty(),
                Optional.of(5L),
                RoutingRule.Action.LOOK_UP,
                1000,
                Optional.of(77L));
        kernel.add(rule);
        assertThat(hosts.leftIp("rule show"))
                .contains("77:\tfrom 10.1.0.0/16 to 10.2.0.0/16 fwmark 0x5 iif eth0 lookup 1000");
        assertThatThrownBy(() -> kernel.add(rule))
                .hasMessageContaining("add rule from 10.1.0.0/16 to 10.2.0.0/16 iif eth0 mark 5 look_up 1000: EEXIST");
        kernel.remove(rule);
        assertThat(hosts.leftIp("rule show")).doesNotContain("10.1.0.0/16");
        assertThatThrownBy(() -> kernel.remove(rule))
                .isInstanceOfSatisfying(
                        RouteException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT));

        RoutingRule six = new RoutingRule(
                AddressFamily.INET6,
                Optional.of(AddressPrefix.parse("fd01::/64")),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                RoutingRule.Action.PROHIBIT,
                0,
                Optional.empty());
        kernel.add(six);
        assertThat(hosts.leftIp("-6 rule show")).contains("from fd01::/64 prohibit");
        kernel.remove(six);
        assertThat(hosts.leftIp("-6 rule show")).doesNotContain("fd01::/64");
    }

    @Test
    void whatSomebodyElseHasAddedIsNotRemoved() {
        hosts.leftIp("route add default via 10.66.0.2 dev eth0 proto dhcp metric 100");
        hosts.leftIp("-6 route add default via fd66::2 dev eth0 proto static");
        for (String gateway : List.of("10.66.0.2", "fd66::2")) {
            assertThatThrownBy(() -> kernel.remove(defaultRoute(gateway)))
                    .isInstanceOfSatisfying(
                            RouteException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ESRCH));
        }
        for (String network : List.of("10.1.0.0/16", "fd01::/64")) {
            String option = network.contains(":") ? "-6 " : "-4 ";
            hosts.leftIp(option + "rule add from " + network + " table 1000 preference 77");
            RoutingRule rule = rule(network);
            assertThatThrownBy(() -> kernel.remove(rule))
                    .isInstanceOfSatisfying(
                            RouteException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT));
            kernel.add(rule);
            kernel.remove(rule);
            assertThat(hosts.leftIp(option + "rule show").lines().filter(line -> line.startsWith("77:")))
                    .singleElement()
                    .asString()
                    .doesNotContain("keepalived");
        }
        assertThat(hosts.leftIp("route show default")).contains("proto dhcp metric 100");
        assertThat(hosts.leftIp("-6 route show default")).contains("proto static");
    }

    @Test
    void aRouteOfIpv4GoesBeforeOthersAndOneOfIpv6HasNoOtherBesideIt() {
        hosts.leftIp("route add default via 10.66.0.2 dev eth0 proto static");
        Route four = defaultRoute("10.66.0.3");
        kernel.add(four);
        assertThatThrownBy(() -> kernel.add(four)).hasMessageContaining("EEXIST");
        assertThat(hosts.leftIp("route show default").lines())
                .satisfiesExactly(
                        line -> assertThat(line).contains("via 10.66.0.3 dev eth0 proto keepalived"),
                        line -> assertThat(line).contains("via 10.66.0.2 dev eth0 proto static"));

        hosts.leftIp("-6 route add default via fd66::2 dev eth0 proto static");
        assertThatThrownBy(() -> kernel.add(defaultRoute("fd66::3"))).hasMessageContaining("EEXIST");
        assertThat(hosts.leftIp("-6 route show default").lines())
                .singleElement()
                .asString()
                .contains("via fd66::2 dev eth0 proto static");
    }

    @Test
    void aRuleIsRefusedWhileOneThatSaysMoreHasItsPreference() {
        RoutingRule narrow = rule("10.1.0.0/16");
        RoutingRule broad = new RoutingRule(
                AddressFamily.INET,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                RoutingRule.Action.LOOK_UP,
                1000,
                Optional.of(77L));
        kernel.add(narrow);
        assertThatThrownBy(() -> kernel.add(broad)).hasMessageContaining("EEXIST");
        kernel.remove(broad);
        kernel.add(broad);
        kernel.add(narrow);
        assertThat(hosts.leftIp("rule show").lines().filter(line -> line.startsWith("77:")))
                .hasSize(2);
    }

    private Route defaultRoute(String gateway) {
        return new Route(
                Route.Type.UNICAST,
                AddressFamily.of(address(gateway)),
                Optional.empty(),
                Optional.of(address(gateway)),
                OptionalInt.of(eth0),
                Optional.empty(),
                OptionalInt.empty(),
                Route.MAIN,
                Optional.empty());
    }

    private static RoutingRule rule(String network) {
        return new RoutingRule(
                network.contains(":") ? AddressFamily.INET6 : AddressFamily.INET,
                Optional.of(AddressPrefix.parse(network)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                RoutingRule.Action.LOOK_UP,
                1000,
                Optional.of(77L));
    }
}
