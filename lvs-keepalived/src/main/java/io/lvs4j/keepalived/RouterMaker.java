package io.lvs4j.keepalived;

import io.lvs4j.vrrp.Announcements;
import io.lvs4j.vrrp.Authentication;
import io.lvs4j.vrrp.Transport;
import io.lvs4j.vrrp.VirtualMac;
import io.lvs4j.vrrp.VirtualRouter;
import io.lvs4j.vrrp.VirtualRouter.Option;
import io.lvs4j.vrrp.VirtualRouterBuilder;
import java.net.InetAddress;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Makes a virtual router of a draft to which {@link RouterRules} have been applied. */
final class RouterMaker {
    private RouterMaker() {}

    /**
     * {@return the router}
     *
     * @throws IllegalArgumentException if it is one that keepalived takes and this library does not
     */
    static VirtualRouter make(RouterDraft draft, VrrpDefaults global) {
        VirtualRouterBuilder router = VirtualRouter.builder()
                .name(draft.name)
                .virtualRouterId(draft.id)
                .version(Objects.requireNonNull(draft.version))
                .networkInterface(Objects.requireNonNull(draft.networkInterface))
                .priority(draft.priority)
                .advertisementInterval(Objects.requireNonNull(draft.interval))
                .initialState(Objects.requireNonNull(draft.state))
                .transport(transport(draft, global))
                .tracking(draft.tracking.tracking())
                .trackInterface(!draft.untrackedInterface)
                .announcements(announcements(draft, global))
                .downAfterAdverts(Objects.requireNonNull(draft.downAfterAdverts))
                .option(Option.STRICT, is(draft.strict))
                .option(Option.ACCEPT, is(draft.accept))
                .option(Option.SKIP_ADDRESS_CHECK, draft.skipAddressCheck || global.skipAddressCheck)
                .option(Option.LOWER_PRIORITY_NO_ADVERT, is(draft.lowerPriorityNoAdvert))
                .option(Option.HIGHER_PRIORITY_SEND_ADVERT, is(draft.higherPrioritySendAdvert))
                .option(Option.PROMOTE_SECONDARIES, draft.promoteSecondaries)
                .option(Option.VIRTUAL_MAC_FOR_ALL_ADDRESSES, draft.macForAll);
        draft.addresses.forEach(router::address);
        draft.excluded.forEach(router::excludedAddress);
        draft.routes.forEach(router::route);
        draft.rules.forEach(router::rule);
        if (draft.noPreempt) {
            router.noPreempt();
        } else {
            router.preempt(draft.preemptDelay);
        }
        if (draft.authType != null) {
            router.authentication(new Authentication(draft.authType, draft.password));
        }
        if (draft.macType != null) {
            router.virtualMac(new VirtualMac(
                    draft.macType,
                    Optional.ofNullable(draft.macName),
                    Optional.ofNullable(draft.mac),
                    Optional.ofNullable(draft.macAddress),
                    draft.sendOnBase));
        }
        return router.build();
    }

    private static boolean is(@Nullable Boolean value) {
        return value != null && value;
    }

    private static Transport transport(RouterDraft draft, VrrpDefaults global) {
        boolean unicast = !draft.peers.isEmpty();
        InetAddress common = draft.family == io.lvs4j.AddressFamily.INET ? global.group4 : global.group6;
        return new Transport(
                Optional.ofNullable(draft.source),
                draft.trackSource,
                unicast ? Optional.empty() : Optional.ofNullable(draft.group == null ? common : draft.group),
                draft.peers,
                draft.ttl == null ? OptionalInt.empty() : OptionalInt.of(draft.ttl),
                draft.checkSource || global.checkSource,
                Optional.ofNullable(draft.oldChecksum),
                Optional.ofNullable(draft.vrf),
                draft.faultWithoutPeers,
                draft.receiveBuffer == null ? OptionalLong.empty() : OptionalLong.of(draft.receiveBuffer));
    }

    private static Announcements announcements(RouterDraft draft, VrrpDefaults global) {
        return new Announcements(
                draft.repeat == null ? global.repeat() : draft.repeat,
                draft.delay == null ? global.delay() : draft.delay,
                draft.refresh == null ? global.refresh : draft.refresh,
                draft.refreshRepeat == null ? global.refreshRepeat() : draft.refreshRepeat,
                draft.lowerPriorityRepeat == null ? global.lowerPriorityRepeat() : draft.lowerPriorityRepeat,
                draft.lowerPriorityDelay == null ? global.lowerPriorityDelay() : draft.lowerPriorityDelay,
                draft.otherInterfaces == null ? global.otherInterfaces : draft.otherInterfaces);
    }
}
