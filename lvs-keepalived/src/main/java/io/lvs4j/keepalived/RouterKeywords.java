package io.lvs4j.keepalived;

import io.lvs4j.vrrp.Authentication;
import io.lvs4j.vrrp.VirtualAddress;
import io.lvs4j.vrrp.VirtualRouter.State;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What may stand in {@code vrrp_instance}, but for how adverts travel: {@link RouterNetworkKeywords}. */
final class RouterKeywords {
    private static final long MOST_SECONDS = Value.MAX / 1_000_000;
    private static final long MICROS = 1_000_000;
    private static final int LONGEST_PASSWORD = 8;
    /** So many addresses are compared with each one; an advert holds no more, and whoever writes more is told so. */
    private static final int COMPARED = 256;

    private static final Value<State> STATE = Value.oneOf(Map.of("MASTER", State.MASTER, "BACKUP", State.BACKUP));

    private static final Keywords<RouterDraft> AUTHENTICATION = Keywords.<RouterDraft>in("authentication")
            .value(
                    "auth_type",
                    Value.oneOf(Map.of("PASS", Authentication.Type.PASS, "AH", Authentication.Type.AH)),
                    (router, type) -> router.authType = type)
            .words("auth_pass", 1, 1, RouterKeywords::password)
            .build();

    /** The draft of a router, and the whole of which it is read. */
    record Router(RouterDraft draft, ConfigDraft config) implements TrackLines.Owner {
        @Override
        public TrackingDraft tracking() {
            return draft.tracking;
        }
    }

    static final Keywords<Router> TABLE = table();

    private RouterKeywords() {}

    private static Keywords<Router> table() {
        Keywords.Builder<Router> table = Keywords.in("vrrp_instance");
        RouterNetworkKeywords.keywords(table);
        TrackLines.keywords(table);
        election(table);
        addresses(table);
        announcements(table);
        NotifyDraft.script(table, router -> router.draft().notify, RouterEvent.values());
        table.bool("notify_priority_changes", (router, yes) -> router.draft().notify.priorityChanges = yes)
                .bool("smtp_alert", (router, yes) -> {})
                .notCarriedOut("no mail is sent")
                .value("debug", Value.integer(0, 4), (router, level) -> {})
                .notCarriedOut("logs have levels of their own")
                .words("lvs_sync_daemon_interface", 1, 1, (router, arguments) -> {})
                .refused("lvs_sync_daemon in global_defs")
                .notCarriedOut("the sync daemon is the kernel backend's")
                .flag("linkbeat_use_polling", router -> {})
                .refused("linkbeat_interfaces outside of a block")
                .notCarriedOut("links are not polled");
        return table.build();
    }

    private static void election(Keywords.Builder<Router> table) {
        table.value("virtual_router_id", Value.integer(1, 255), (router, id) -> router.draft().id = id)
                .alias("router_id", "vrid")
                .value("priority", Value.integer(1, 255), (router, priority) -> router.draft().priority = priority)
                .words("state", 1, 1, RouterKeywords::state)
                .words("version", 1, 1, RouterKeywords::version)
                .value(
                        "advert_int",
                        Value.seconds(MICROS / 100, 255 * MICROS),
                        (router, interval) -> router.draft().interval = interval)
                .flag("preempt", router -> router.draft().noPreempt = false)
                .flag("nopreempt", router -> router.draft().noPreempt = true)
                .value(
                        "preempt_delay",
                        Value.seconds(0, 1000 * MICROS),
                        (router, delay) -> router.draft().preemptDelay = delay)
                .bool("strict_mode", (router, yes) -> router.draft().strict = yes)
                .words("skip_check_adv_addr", 0, 1, RouterKeywords::skipAddressCheck)
                .flag("accept", router -> router.draft().accept = true)
                .flag("no_accept", router -> router.draft().accept = false)
                .notCarriedOut("a master accepts packets to its addresses all the same")
                .value(
                        "down_timer_adverts",
                        Value.integer(1, 100),
                        (router, adverts) -> router.draft().downAfterAdverts = adverts)
                .bool("lower_prio_no_advert", (router, yes) -> router.draft().lowerPriorityNoAdvert = yes)
                .bool("higher_prio_send_advert", (router, yes) -> router.draft().higherPrioritySendAdvert = yes)
                .block(
                        "authentication",
                        0,
                        0,
                        AUTHENTICATION,
                        (router, arguments) -> Optional.of(router.draft()),
                        (router, same, arguments) -> {});
    }

    private static void password(RouterDraft router, Arguments arguments) {
        byte[] bytes = arguments.word(0).text().getBytes(StandardCharsets.UTF_8);
        if (bytes.length > LONGEST_PASSWORD) {
            arguments
                    .reading()
                    .corrected(
                            "too-long",
                            arguments.word(0).at(),
                            "auth_pass: " + bytes.length + " bytes (expected: at most " + LONGEST_PASSWORD + ")",
                            "the first " + LONGEST_PASSWORD + " count");
        }
        router.password = new String(bytes, 0, Math.min(bytes.length, LONGEST_PASSWORD), StandardCharsets.UTF_8);
    }

    private static void state(Router router, Arguments arguments) {
        arguments.value(0, STATE).ifPresent(state -> {
            if (state == State.BACKUP && router.draft().state == State.MASTER) {
                arguments
                        .reading()
                        .corrected(
                                "duplicate",
                                arguments.at(),
                                "state BACKUP after state MASTER (expected: one of them)",
                                "it is MASTER");
            } else {
                router.draft().state = state;
            }
        });
    }

    private static void version(Router router, Arguments arguments) {
        RouterDraft draft = router.draft();
        arguments.value(0, Value.integer(2, 3)).map(VrrpGlobals::version).ifPresent(version -> {
            boolean ipv6 = draft.family == io.lvs4j.AddressFamily.INET6 && version == io.lvs4j.vrrp.VrrpVersion.V2;
            if ((draft.version != null && draft.version != version) || ipv6) {
                arguments
                        .reading()
                        .corrected(
                                "contradiction",
                                arguments.at(),
                                "version " + version.number() + (ipv6 ? " with IPv6" : " after another one"),
                                "it is ignored");
            } else {
                draft.version = version;
            }
        });
    }

    /** keepalived 2.2.7 looks whether yes or no follows, and then skips the check whatever it is. */
    private static void skipAddressCheck(Router router, Arguments arguments) {
        router.draft().skipAddressCheck = true;
        if (arguments.count() > 0 && !arguments.value(0, Value.bool()).orElse(true)) {
            arguments
                    .reading()
                    .warning(
                            "ignored-value",
                            arguments.word(0).at(),
                            "skip_check_adv_addr: " + arguments.word(0).text()
                                    + " is ignored, as keepalived does: the check is skipped");
        }
    }

    private static void addresses(Keywords.Builder<Router> table) {
        VrrpBlocks.lines(table, "virtual_ipaddress", RouterKeywords::addresses);
        VrrpBlocks.lines(
                table,
                "virtual_ipaddress_excluded",
                (router, arguments) -> AddressLines.read(arguments, router.draft().excluded));
        VrrpBlocks.lines(
                table, "virtual_routes", (router, arguments) -> RouteLines.read(arguments, router.draft().routes));
        VrrpBlocks.lines(
                table, "virtual_rules", (router, arguments) -> RuleLines.read(arguments, router.draft().rules));
        table.flag("promote_secondaries", router -> router.draft().promoteSecondaries = true);
    }

    private static void addresses(Router router, Arguments arguments) {
        List<VirtualAddress> read = new ArrayList<>();
        AddressLines.read(arguments, read);
        List<VirtualAddress> addresses = router.draft().addresses;
        Set<VirtualAddress> known = new HashSet<>(addresses.subList(0, Math.min(addresses.size(), COMPARED)));
        for (VirtualAddress each : read) {
            if (known.contains(each)) {
                arguments
                        .reading()
                        .warning(
                                "duplicate",
                                arguments.at(),
                                "virtual_ipaddress: " + each + " is there twice (expected: once)");
            } else if (router.draft().takes(each.address(), arguments.at(), arguments.reading())) {
                addresses.add(each);
                if (known.size() < COMPARED) {
                    known.add(each);
                }
            }
        }
    }

    private static void announcements(Keywords.Builder<Router> table) {
        Value<Duration> seconds = Value.number(0, MOST_SECONDS).as(Duration::ofSeconds);
        table.value("garp_master_delay", seconds, (router, delay) -> router.draft().delay = delay)
                .words(
                        "garp_master_repeat",
                        1,
                        1,
                        (router, arguments) -> repeats(arguments).ifPresent(count -> router.draft().repeat = count))
                .value(
                        "garp_master_refresh",
                        Value.number(0, Value.MAX).as(Duration::ofSeconds),
                        (router, refresh) -> router.draft().refresh = refresh)
                .words(
                        "garp_master_refresh_repeat",
                        1,
                        1,
                        (router, arguments) ->
                                repeats(arguments).ifPresent(count -> router.draft().refreshRepeat = count))
                .value("garp_lower_prio_delay", seconds, (router, delay) -> router.draft().lowerPriorityDelay = delay)
                .value(
                        "garp_lower_prio_repeat",
                        Value.number(0, Integer.MAX_VALUE),
                        (router, count) -> router.draft().lowerPriorityRepeat = count)
                .words("garp_extra_if", 1, Integer.MAX_VALUE, RouterKeywords::otherInterfaces)
                .words("vmac_garp_intvl", 1, Integer.MAX_VALUE, RouterKeywords::otherInterfaces)
                .refused("garp_extra_if");
    }

    private static Optional<Long> repeats(Arguments arguments) {
        Optional<Long> count = arguments.value(0, Value.number(0, Value.MAX));
        if (count.isPresent() && count.get() == 0) {
            arguments
                    .reading()
                    .corrected(
                            "out-of-range",
                            arguments.word(0).at(),
                            arguments.keyword() + ": 0 (expected: at least 1)",
                            "it is 1");
        }
        return count.map(number -> Math.max(1, number));
    }

    private static void otherInterfaces(Router router, Arguments arguments) {
        boolean time = false;
        for (int i = 0; i < arguments.count(); i++) {
            if (!arguments.word(i).text().equals("all")) {
                time = true;
                arguments
                        .value(i, Value.integer(0, 86400))
                        .ifPresent(seconds -> router.draft().otherInterfaces = Duration.ofSeconds(seconds));
            }
        }
        if (!time) {
            arguments.error("missing-value", 0, "no time (expected: seconds, 0..86400)");
        }
    }
}
