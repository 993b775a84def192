package io.lvs4j.keepalived;

import io.lvs4j.vrrp.VrrpVersion;
import java.time.Duration;

/** What of {@code global_defs} virtual routers inherit. */
final class VrrpGlobals {
    private static final long MOST_SECONDS = Value.MAX / 1_000_000;
    private static final int MOST_EXTRA = 86400;

    private VrrpGlobals() {}

    /** Adds the keywords. */
    static void keywords(Keywords.Builder<GlobalDraft> table) {
        Value<Duration> seconds = Value.number(0, MOST_SECONDS).as(Duration::ofSeconds);
        Value<Long> count = Value.number(1, Value.MAX);
        table.flag("vrrp_strict", global -> global.vrrp.strict = true)
                .flag("vrrp_skip_check_adv_addr", global -> global.vrrp.skipAddressCheck = true)
                .flag("vrrp_check_unicast_src", global -> global.vrrp.checkSource = true)
                .value("vrrp_version", Value.integer(2, 3), (global, number) -> global.vrrp.version = version(number))
                .value("vrrp_mcast_group4", Value.address(), (global, group) -> global.vrrp.group4 = group)
                .value("vrrp_mcast_group6", Value.address(), (global, group) -> global.vrrp.group6 = group)
                .value("vrrp_garp_master_delay", seconds, (global, delay) -> global.vrrp.delay = delay)
                .value("vrrp_garp_lower_prio_delay", seconds, (global, delay) -> global.vrrp.lowerPriorityDelay = delay)
                .value("vrrp_garp_master_repeat", count, (global, repeat) -> global.vrrp.repeat = repeat)
                .value("vrrp_garp_master_refresh_repeat", count, (global, repeat) -> global.vrrp.refreshRepeat = repeat)
                .value(
                        "vrrp_garp_master_refresh",
                        Value.number(0, Value.MAX).as(Duration::ofSeconds),
                        (global, refresh) -> global.vrrp.refresh = refresh)
                .value(
                        "vrrp_garp_lower_prio_repeat",
                        Value.number(0, Integer.MAX_VALUE),
                        (global, repeat) -> global.vrrp.lowerPriorityRepeat = repeat)
                .value(
                        "vrrp_down_timer_adverts",
                        Value.integer(1, 100),
                        (global, adverts) -> global.vrrp.downAfterAdverts = adverts)
                .bool("vrrp_min_garp", (global, yes) -> global.vrrp.fewest |= yes)
                .bool("vrrp_lower_prio_no_advert", (global, yes) -> global.vrrp.lowerPriorityNoAdvert = yes)
                .bool("vrrp_higher_prio_send_advert", (global, yes) -> global.vrrp.higherPrioritySendAdvert = yes)
                .bool("vrrp_notify_priority_changes", (global, yes) -> global.vrrp.priorityChanges = yes)
                .words("vrrp_garp_extra_if", 1, 2, VrrpGlobals::otherInterfaces)
                .words("vrrp_vmac_garp_intvl", 1, 2, VrrpGlobals::otherInterfaces)
                .refused("vrrp_garp_extra_if");
    }

    static VrrpVersion version(int number) {
        return number == 2 ? VrrpVersion.V2 : VrrpVersion.V3;
    }

    private static void otherInterfaces(GlobalDraft global, Arguments arguments) {
        for (int i = 0; i < arguments.count(); i++) {
            if (!arguments.word(i).text().equals("all")) {
                arguments
                        .value(i, Value.integer(0, MOST_EXTRA))
                        .ifPresent(seconds -> global.vrrp.otherInterfaces = Duration.ofSeconds(seconds));
            }
        }
    }
}
