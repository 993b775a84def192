package io.lvs4j.keepalived;

import io.lvs4j.AddressFamily;
import io.lvs4j.keepalived.syntax.Position;
import io.lvs4j.vrrp.Authentication;
import io.lvs4j.vrrp.Tracked;
import io.lvs4j.vrrp.UnicastPeer;
import io.lvs4j.vrrp.VirtualAddress;
import io.lvs4j.vrrp.VirtualMac;
import io.lvs4j.vrrp.VirtualRouter;
import io.lvs4j.vrrp.VirtualRouter.State;
import io.lvs4j.vrrp.VrrpVersion;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * keepalived's rules about a virtual router as a whole, looked at when all is read, in its order. What it corrects is corrected here in the
 * same way. What depends on the host's interfaces is not looked at; where keepalived asks how long a packet can be, it is 1500 bytes.
 */
final class RouterRules {
    private static final int MOST_IPV4 = 255;
    /** Those that fit in a packet. */
    private static final int MOST_IPV6 = 89;

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration HUNDREDTH = Duration.ofMillis(10);

    private final RouterDraft router;
    private final VrrpDefaults global;
    private final Reading reading;
    private final boolean strict;

    private RouterRules(RouterDraft router, VrrpDefaults global, Reading reading) {
        this.router = router;
        this.global = global;
        this.reading = reading;
        strict = router.strict == null ? global.strict : router.strict;
        router.strict = strict;
    }

    /** Applies them. */
    static void apply(RouterDraft router, VrrpDefaults global, Reading reading) {
        RouterRules rules = new RouterRules(router, global, reading);
        if (rules.isComplete()) {
            rules.apply();
        }
    }

    private boolean isComplete() {
        int before = reading.errors();
        if (router.id == 0) {
            error("missing-keyword", "no virtual_router_id (expected: 1..255)");
        }
        if (router.networkInterface == null) {
            error("missing-keyword", "no interface (expected: the one that adverts travel by)");
        }
        if (router.addresses.isEmpty()) {
            error("missing-keyword", "no virtual_ipaddress (expected: at least one address)");
        }
        return reading.errors() == before;
    }

    private void apply() {
        unicastOnVirtualMac();
        version();
        state();
        authentication();
        if (router.unicast && router.peers.isEmpty() && !router.faultWithoutPeers && !router.faulty) {
            corrected(
                    "missing-keyword",
                    "a keyword of unicast without unicast_peer (expected: peers)",
                    "it is multicast");
        }
        if (strict && router.mac != null) {
            corrected("contradiction", "a MAC address in strict mode", "it is ignored");
            router.mac = null;
        }
        if (router.vrf != null) {
            corrected("contradiction", "vrf beside interface", "it is ignored");
            router.vrf = null;
        }
        count();
        preemption();
        modes();
        if (!router.peers.isEmpty() && router.group != null) {
            corrected("contradiction", "mcast_dst_ip with unicast_peer", "it is ignored");
            router.group = null;
        }
        peers();
        router.interval = interval();
        router.trackSource &= router.source != null;
        virtualMac();
        tracking();
    }

    private void error(String code, String message) {
        reading.error(code, router.at, router.shown() + ": " + message);
    }

    private void corrected(String code, String message, String correction) {
        corrected(code, router.at, message, correction);
    }

    private void corrected(String code, Position at, String message, String correction) {
        reading.corrected(code, at, router.shown() + ": " + message, correction);
    }

    private boolean ipv6() {
        return router.family == AddressFamily.INET6;
    }

    private void unicastOnVirtualMac() {
        if (router.unicast && router.macType == VirtualMac.Type.MAC && !router.sendOnBase) {
            corrected("missing-keyword", "unicast with use_vmac (expected: vmac_xmit_base)", "it is set");
            router.sendOnBase = true;
        }
        if (router.peers.isEmpty() && router.ttl != null) {
            corrected("contradiction", "unicast_ttl without unicast_peer", "it is ignored");
        }
        if (router.peers.isEmpty()) {
            router.ttl = null;
        }
    }

    /** keepalived sends to a peer as often as it is there, and to this host, too: the same file may be on all. Nobody needs either. */
    private void peers() {
        Set<InetAddress> seen = new HashSet<>();
        List<UnicastPeer> others = router.peers.stream()
                .filter(each -> seen.add(each.address()) && !each.address().equals(router.source))
                .toList();
        if (others.size() == router.peers.size() || others.isEmpty()) {
            return;
        }
        reading.warning(
                "duplicate",
                router.at,
                router.shown()
                        + ": a unicast_peer is there twice, or is unicast_src_ip; adverts are sent once to each other host");
        router.peers.clear();
        router.peers.addAll(others);
    }

    private void version() {
        if (ipv6() && router.version == VrrpVersion.V2 && strict) {
            corrected("contradiction", "version 2 with IPv6 in strict mode (expected: 3)", "it is 3");
            router.version = VrrpVersion.V3;
        }
        if (router.version == null) {
            router.version = ipv6() ? VrrpVersion.V3 : global.version;
        }
    }

    private void state() {
        if (router.priority == 0) {
            router.priority = router.state == State.MASTER ? VirtualRouter.OWNER : VirtualRouter.DEFAULT_PRIORITY;
        }
        State fitting = router.priority == VirtualRouter.OWNER ? State.MASTER : State.BACKUP;
        if (router.state == null) {
            router.state = fitting;
        } else if (strict && router.state != fitting) {
            corrected(
                    "contradiction",
                    "state " + router.state + " with priority " + router.priority + " in strict mode (expected: "
                            + fitting + ")",
                    "it is " + fitting);
            router.state = fitting;
        }
    }

    private void authentication() {
        if (router.authType == null) {
            return;
        }
        String wrong = null;
        if (strict) {
            wrong = "in strict mode (expected: none)";
        } else if (router.version == VrrpVersion.V3) {
            wrong = "with version 3 (expected: none, or version 2)";
        } else if (router.password.isEmpty()) {
            wrong = "without auth_pass (expected: a password)";
        } else if (ipv6() && router.authType == Authentication.Type.AH) {
            wrong = "AH with IPv6 (expected: PASS)";
        }
        if (wrong != null) {
            corrected("contradiction", "authentication " + wrong, "there is none");
            router.authType = null;
        } else if (router.authType == Authentication.Type.AH
                && router.state == State.MASTER
                && router.priority != VirtualRouter.OWNER) {
            corrected("contradiction", "state MASTER with authentication AH (expected: BACKUP)", "it is BACKUP");
            router.state = State.BACKUP;
        }
    }

    private void count() {
        if (ipv6() && router.peers.isEmpty() && !isLinkLocal(router.addresses.get(0))) {
            String message = "the first IPv6 address is not of the link (expected: fe80::...)";
            if (strict) {
                corrected("contradiction", message, "it is kept");
            } else {
                reading.warning("contradiction", router.at, router.shown() + ": " + message);
            }
        }
        int most = ipv6() ? MOST_IPV6 : MOST_IPV4;
        if (router.addresses.size() > most) {
            corrected(
                    "too-many-values",
                    router.addresses.size() + " addresses in virtual_ipaddress (expected: at most " + most + ")",
                    "the rest are virtual_ipaddress_excluded");
            List<VirtualAddress> rest = router.addresses.subList(most, router.addresses.size());
            router.excluded.addAll(rest);
            rest.clear();
        }
    }

    private static boolean isLinkLocal(VirtualAddress address) {
        return address.address().isLinkLocalAddress();
    }

    private void preemption() {
        if (router.noPreempt && router.priority == VirtualRouter.OWNER) {
            corrected("contradiction", "nopreempt with priority 255", "it is ignored");
            router.noPreempt = false;
        }
        if (router.state == State.MASTER) {
            if (router.noPreempt) {
                corrected("contradiction", "nopreempt with state MASTER (expected: BACKUP)", "nopreempt is ignored");
                router.noPreempt = false;
            }
            noDelay("state MASTER");
        }
        if (strict) {
            noDelay("strict mode");
        }
        if (router.noPreempt) {
            noDelay("nopreempt");
        }
    }

    private void noDelay(String with) {
        if (!router.preemptDelay.isZero()) {
            corrected("contradiction", "preempt_delay with " + with, "there is no delay");
            router.preemptDelay = Duration.ZERO;
        }
    }

    private void modes() {
        int adverts = router.downAfterAdverts == null ? global.downAfterAdverts : router.downAfterAdverts;
        if (strict && adverts != 3) {
            corrected("contradiction", "down_timer_adverts " + adverts + " in strict mode (expected: 3)", "it is 3");
            adverts = 3;
        }
        router.downAfterAdverts = adverts;
        accept();
        lowerPriority();
        boolean noAdvert = router.lowerPriorityNoAdvert == null
                ? strict || global.lowerPriorityNoAdvert
                : router.lowerPriorityNoAdvert;
        if (strict && !noAdvert) {
            corrected("contradiction", "lower_prio_no_advert off in strict mode (expected: on)", "it is on");
            noAdvert = true;
        }
        router.lowerPriorityNoAdvert = noAdvert;
        boolean advert = router.higherPrioritySendAdvert == null
                ? !strict && global.higherPrioritySendAdvert
                : router.higherPrioritySendAdvert;
        if (strict && advert) {
            corrected("contradiction", "higher_prio_send_advert in strict mode (expected: off)", "it is off");
            advert = false;
        }
        router.higherPrioritySendAdvert = advert;
    }

    private void accept() {
        boolean owner = router.priority == VirtualRouter.OWNER;
        boolean said = router.accept != null && !router.accept;
        if (router.accept == null) {
            router.accept = owner || !strict;
        }
        if (router.accept && !owner && strict && router.version == VrrpVersion.V2) {
            corrected("contradiction", "accept in strict mode with version 2", "it is ignored");
            router.accept = false;
        }
        if (!router.accept && !said) {
            reading.notCarriedOut(
                    "no_accept of strict mode",
                    router.at,
                    router.shown() + ": a master in strict mode accepts packets to its addresses all the same");
        }
    }

    private void lowerPriority() {
        long repeat = strict ? 0 : global.lowerPriorityRepeat();
        repeat = Objects.requireNonNullElse(router.lowerPriorityRepeat, repeat);
        if (strict && repeat != 0) {
            corrected("contradiction", "garp_lower_prio_repeat in strict mode (expected: 0)", "it is 0");
            repeat = 0;
        }
        router.lowerPriorityRepeat = repeat;
        Duration delay = strict ? Duration.ZERO : global.lowerPriorityDelay();
        delay = Objects.requireNonNullElse(router.lowerPriorityDelay, delay);
        if (strict && !delay.isZero()) {
            corrected("contradiction", "garp_lower_prio_delay in strict mode (expected: 0)", "it is 0");
            delay = Duration.ZERO;
        }
        router.lowerPriorityDelay = delay;
    }

    private Duration interval() {
        boolean v2 = router.version == VrrpVersion.V2;
        Duration unit = v2 ? SECOND : HUNDREDTH;
        Duration most = unit.multipliedBy(v2 ? 255 : 4095);
        Duration interval = router.interval == null ? SECOND : router.interval;
        if (interval.compareTo(most) > 0) {
            corrected(
                    "out-of-range",
                    "advert_int " + seconds(interval) + " with version 3 (expected: at most " + seconds(most) + ")",
                    "it is " + seconds(most));
            return most;
        }
        long units = interval.toNanos() / unit.toNanos();
        Duration rest = interval.minus(unit.multipliedBy(units));
        if (rest.isZero()) {
            return interval;
        }
        Duration rounded = unit.multipliedBy(Math.max(1, rest.multipliedBy(2).compareTo(unit) < 0 ? units : units + 1));
        corrected(
                "out-of-range",
                "advert_int " + seconds(interval) + " (expected: " + (v2 ? "whole" : "hundredths of") + " seconds)",
                "it is " + seconds(rounded));
        return rounded;
    }

    private static String seconds(Duration time) {
        return java.math.BigDecimal.valueOf(time.toNanos(), 9)
                .stripTrailingZeros()
                .toPlainString();
    }

    private void virtualMac() {
        if (router.macType == VirtualMac.Type.MAC) {
            if (strict && router.sendOnBase) {
                corrected("contradiction", "vmac_xmit_base in strict mode", "it is ignored");
                router.sendOnBase = false;
            }
        } else if (router.macType != null && !ipv6() && router.macAddress == null && !router.faulty) {
            error("missing-value", "use_ipvlan without an address (expected: one, for IPv4)");
        }
        if (router.macType != null && router.promoteSecondaries) {
            corrected("contradiction", "promote_secondaries with use_vmac or use_ipvlan", "it is set anyway");
            router.promoteSecondaries = false;
        }
        if (router.sendOnBase && router.macType != VirtualMac.Type.MAC) {
            corrected("contradiction", "vmac_xmit_base without use_vmac", "it is ignored");
            router.sendOnBase = false;
        }
        router.addresses.forEach(this::onVirtualMac);
        router.excluded.forEach(this::onVirtualMac);
    }

    private void onVirtualMac(VirtualAddress address) {
        if (!address.onVirtualMac()) {
            return;
        }
        boolean own = address.device()
                        .map(name -> name.equals(router.networkInterface))
                        .orElse(true)
                && address.family() == router.family;
        if (own ? router.macType == VirtualMac.Type.MAC : router.macForAll) {
            corrected(
                    "contradiction",
                    "use_vmac of " + address + " beside " + (own ? "use_vmac" : "use_vmac_addr"),
                    "the router's counts");
        }
    }

    /** Weights would give the routers of a group different priorities, and an owner one that is not his. */
    private void tracking() {
        Map<String, Tracked> interfaces = router.tracking.interfaces;
        if (interfaces.remove(router.networkInterface) != null) {
            corrected("contradiction", "track_interface " + router.networkInterface + ", its own", "it is ignored");
        }
        boolean owner = router.priority == VirtualRouter.OWNER;
        boolean group = router.sync != null && !router.sync.trackingWeight;
        if (!owner && !group) {
            return;
        }
        String why = group ? "in a vrrp_sync_group" : "with priority 255";
        unweighted("track_interface", interfaces, why, !owner);
        unweighted("track_script", router.tracking.scripts, why, false);
        unweighted("track_file", router.tracking.files, why, false);
        if (owner) {
            unweighted("track_process", router.tracking.processes, why, false);
        }
    }

    private void unweighted(String keyword, Map<String, Tracked> tracked, String why, boolean keep) {
        for (Tracked each : new ArrayList<>(tracked.values())) {
            if (each.weight() == 0) {
                continue;
            }
            boolean kept = keep || (keyword.equals("track_file") && each.weight() == 1);
            corrected(
                    "contradiction",
                    keyword + " " + Reading.shown(each.name()) + " with weight " + each.weight() + " " + why
                            + " (expected: 0)",
                    kept ? "it is 0" : "it is not tracked");
            if (kept) {
                tracked.put(each.name(), new Tracked(each.name(), 0, each.reverse()));
            } else {
                tracked.remove(each.name());
            }
        }
    }
}
