package io.lvs4j.vrrp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The names of virtual interfaces, on a host with two interfaces, where others have them already. */
class VirtualInterfaceNameTest {
    private static final String NAME = "VI_1";
    private static final String OTHER = "VI_2";
    private static final String VIP = "10.77.0.100";
    private static final String MAC = "00:00:5e:00:01:33";

    private final List<VrrpSpeaker> speakers = new ArrayList<>();
    private final Diary diary = new Diary();
    private Lan lan;

    @BeforeEach
    void plug() {
        assumeTrue("root".equals(System.getProperty("user.name")), "network namespaces are made by root");
        lan = new Lan(1);
        lan.ip(1, "link add eth1 type veth peer name peer1");
        lan.ip(1, "link set peer1 up");
        lan.ip(1, "link set eth1 up");
        lan.ip(1, "address add 10.78.0.1/24 dev eth1");
    }

    @AfterEach
    void unplug() {
        speakers.forEach(VrrpSpeaker::close);
        if (lan != null) {
            lan.close();
        }
    }

    private static VirtualRouterBuilder router() {
        return Candidate.PLAIN.on(1, 150).router().toBuilder();
    }

    /** One of the same id on the other interface. */
    private static VirtualRouterBuilder onOther(String name, String address) {
        return VirtualRouter.builder()
                .name(name)
                .virtualRouterId(router().build().virtualRouterId())
                .version(VrrpVersion.V3)
                .networkInterface("eth1")
                .advertisementInterval(Candidate.PLAIN.interval())
                .priority(150)
                .address(address + "/24");
    }

    private static VirtualMac named(String name) {
        return new VirtualMac(VirtualMac.Type.MAC, Optional.of(name), Optional.empty(), Optional.empty(), false);
    }

    private static VirtualRouters all(VirtualRouterBuilder... routers) {
        VirtualRouters.Builder all = VirtualRouters.builder();
        for (VirtualRouterBuilder each : routers) {
            all.router(each.build());
        }
        return all.build();
    }

    private VrrpSpeaker start(VirtualRouterBuilder... routers) {
        VrrpSpeaker speaker = VrrpSpeaker.builder()
                .routers(all(routers))
                .namespace(lan.namespace(1))
                .listener(diary)
                .build();
        speakers.add(speaker);
        speaker.start();
        return speaker;
    }

    private boolean hasLink(String name) {
        return lan.ip(1, "-o link show").contains(": " + name + "@");
    }

    /** Whether an address is on an interface. */
    private boolean isOn(String address, String link) {
        return lan.ip(1, "-o address show dev " + link).contains(" " + address + "/");
    }

    @Test
    void aVirtualMacNamedAsAnotherInterfaceIsRefusedAndNothingChanges() {
        VrrpSpeaker speaker = start(router());
        diary.await(NAME, RouterState.MASTER);
        VirtualRouters before = speaker.routers();
        diary.clear();

        assertThatThrownBy(() -> speaker.apply(all(router().virtualMac(named("eth1")))))
                .isInstanceOf(VrrpException.class)
                .hasMessage("interface eth1 of VI_1: there is one already that is no macvlan with " + MAC
                        + " on eth0 (remove it, or name another)");

        assertThat(speaker.routers()).isEqualTo(before);
        assertThat(diary.states(NAME)).isEmpty();
        assertThat(isOn(VIP, "eth0")).isTrue();
        assertThat(isOn(VIP, "eth1")).isFalse();
    }

    @Test
    void theVirtualInterfaceOfARouterThatEndsMayBeAnothers() {
        VrrpSpeaker speaker = start(router().virtualMac(named("vmac")));
        diary.await(NAME, RouterState.MASTER);

        speaker.apply(all(onOther(OTHER, "10.78.0.100").virtualMac(named("vmac"))));

        diary.await(OTHER, RouterState.MASTER);
        assertThat(isOn("10.78.0.100", "vmac")).isTrue();
        assertThat(lan.ip(1, "-o link show vmac")).contains("vmac@eth1");
        assertThat(speaker.snapshot().get(0).faults()).isEmpty();
    }

    @Test
    void aVirtualInterfaceThatAKilledProcessHasLeftIsTakenAlsoByAChange() {
        VrrpSpeaker speaker = start(router());
        diary.await(NAME, RouterState.MASTER);
        diary.clear();
        lan.ip(1, "link add vrrp.51 link eth0 address " + MAC + " type macvlan mode private");

        speaker.apply(all(router().virtualMac(VirtualMac.standard())));

        diary.await(NAME, RouterState.MASTER);
        assertThat(isOn(VIP, "vrrp.51")).isTrue();
        speaker.close();
        assertThat(hasLink("vrrp.51")).isFalse();
    }

    @Test
    void namesThatAreChosenAreKeepalivedsAndIpv6LeavesTheFirstToIpv4() {
        VirtualRouter ipv6 = Candidate.PLAIN.ipv6().on(1, 150).router();
        assertThat(VirtualInterface.names(router().build()).limit(8))
                .containsExactly(
                        "vrrp.51", "vrrp1.51", "vrrp2.51", "vrrp3.51", "vrrp4.51", "vrrp5.51", "vrrp6.51", "vrrp7.51");
        assertThat(VirtualInterface.names(ipv6).limit(8))
                .containsExactly(
                        "vrrp6.51", "vrrp1.51", "vrrp2.51", "vrrp3.51", "vrrp4.51", "vrrp5.51", "vrrp7.51", "vrrp8.51");
    }

    @Test
    void routersOfOneIdOnTwoInterfacesHaveAVirtualInterfaceEach() {
        start(
                router().virtualMac(VirtualMac.standard()),
                onOther(OTHER, "10.78.0.100").virtualMac(VirtualMac.standard()));
        diary.await(NAME, RouterState.MASTER);
        diary.await(OTHER, RouterState.MASTER);

        assertThat(isOn(VIP, "vrrp.51")).isTrue();
        assertThat(isOn("10.78.0.100", "vrrp1.51")).isTrue();
        assertThat(lan.ip(1, "-o link show vrrp1.51")).contains("vrrp1.51@eth1");
    }

    @Test
    void aRouterThatIsAddedLeavesTheVirtualInterfaceOfTheOtherAlone() {
        VirtualRouterBuilder stays = router().virtualMac(VirtualMac.standard());
        VirtualRouterBuilder added = onOther(OTHER, "10.78.0.100").virtualMac(VirtualMac.standard());
        VrrpSpeaker speaker = start(stays);
        diary.await(NAME, RouterState.MASTER);

        speaker.apply(all(stays, added));
        diary.await(OTHER, RouterState.MASTER);
        assertThat(isOn(VIP, "vrrp.51")).isTrue();
        assertThat(isOn("10.78.0.100", "vrrp1.51")).isTrue();

        speaker.apply(all(added));
        assertThat(hasLink("vrrp.51")).isFalse();
        assertThat(isOn("10.78.0.100", "vrrp1.51")).isTrue();
        assertThat(diary.states(OTHER)).last().isEqualTo(RouterState.MASTER);
    }

    @Test
    void aRouterThatBeginsAnewMayFindItsNameTaken() {
        VrrpSpeaker speaker = start(router().virtualMac(VirtualMac.standard()));
        diary.await(NAME, RouterState.MASTER);
        diary.clear();

        speaker.apply(all(
                onOther(OTHER, "10.78.0.100").virtualMac(VirtualMac.standard()),
                router().priority(120).virtualMac(VirtualMac.standard())));
        diary.await(OTHER, RouterState.MASTER);
        diary.await(NAME, RouterState.MASTER);

        assertThat(isOn("10.78.0.100", "vrrp.51")).isTrue();
        assertThat(isOn(VIP, "vrrp1.51")).isTrue();
        assertThat(diary.states(NAME)).doesNotContain(RouterState.FAULT);
    }

    @Test
    void aKilledProcesssInterfaceOnAnotherOneIsNotInTheWay() {
        lan.ip(1, "link add vrrp.51 link eth1 address " + MAC + " type macvlan mode private");
        VrrpSpeaker speaker = start(router().virtualMac(VirtualMac.standard()));
        diary.await(NAME, RouterState.MASTER);
        assertThat(isOn(VIP, "vrrp1.51")).isTrue();

        speaker.close();
        assertThat(hasLink("vrrp1.51")).isFalse();
        assertThat(hasLink("vrrp.51")).isTrue();
    }

    @Test
    void aKilledProcesssInterfaceIsTakenUnderWhateverNameWasChosen() {
        lan.ip(1, "link add vrrp1.51 link eth0 address " + MAC + " type macvlan mode private");
        start(router().virtualMac(VirtualMac.standard()));
        diary.await(NAME, RouterState.MASTER);
        assertThat(isOn(VIP, "vrrp1.51")).isTrue();
        assertThat(hasLink("vrrp.51")).isFalse();
    }

    @Test
    void aNameThatIsConfiguredIsNotChosen() {
        start(
                router().virtualMac(VirtualMac.standard()),
                onOther(OTHER, "10.78.0.100").virtualMac(named("vrrp.51")));
        diary.await(NAME, RouterState.MASTER);
        diary.await(OTHER, RouterState.MASTER);
        assertThat(isOn(VIP, "vrrp1.51")).isTrue();
        assertThat(isOn("10.78.0.100", "vrrp.51")).isTrue();
    }
}
