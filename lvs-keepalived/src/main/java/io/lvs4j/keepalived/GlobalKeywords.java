package io.lvs4j.keepalived;

import io.lvs4j.Persistence;
import io.lvs4j.keepalived.syntax.Block;
import io.lvs4j.keepalived.syntax.IncludeDemand;
import java.time.Duration;
import java.util.List;

/** What may stand in {@code global_defs}. Most of it concerns keepalived's own processes, mail, SNMP and routers. */
final class GlobalKeywords {
    private static final int LONGEST_TIMEOUT = Math.toIntExact(Persistence.MAX_TIMEOUT.toSeconds());
    private static final int PROCESS_NAME = 15;
    private static final int MOST_CPUS = 1024;
    private static final long MOST_SECONDS = Value.MAX / 1_000_000;

    private static final String NO_MAIL = "no mail is sent";
    private static final String NO_INTERFACES = "virtual routers are read, and interfaces are not looked at";
    private static final String NO_SNMP = "there is no SNMP";
    private static final String NO_PROCESS = "there are no processes of keepalived's";
    private static final String NO_NFTABLES = "no rules are made";
    private static final String NO_FIFO = "listeners are told";
    private static final String NO_RELOAD = "reloading is the program's";

    static final Keywords<GlobalDraft> TABLE = table();

    private GlobalKeywords() {}

    private static Keywords<GlobalDraft> table() {
        Keywords.Builder<GlobalDraft> table = Keywords.<GlobalDraft>in("global_defs")
                .value("router_id", Value.text(), (global, name) -> global.routerId = name)
                .words("lvs_timeouts", 2, 6, GlobalKeywords::timeouts)
                .flag("lvs_flush", global -> global.flush = true)
                .words("lvs_flush_on_stop", 0, 1, GlobalKeywords::flushOnStop)
                .words("lvs_flush_onstop", 0, 1, GlobalKeywords::flushOnStop)
                .deprecated("lvs_flush_on_stop")
                .words("script_user", 1, 2, (global, arguments) -> {
                    global.scriptUser = arguments.word(0).text();
                    global.scriptGroup =
                            arguments.count() > 1 ? arguments.word(1).text() : null;
                })
                .flag("enable_script_security", global -> global.scriptSecurity = true);
        mail(table);
        processes(table);
        routers(table);
        others(table);
        return table.build();
    }

    private static void timeouts(GlobalDraft global, Arguments arguments) {
        for (int i = 0; i < arguments.count(); i += 2) {
            String name = arguments.word(i).text();
            if (!List.of("tcp", "tcpfin", "udp").contains(name)) {
                arguments.error("unknown-value", i--, Reading.shown(name) + " (expected: tcp, tcpfin or udp)");
            } else if (i + 1 == arguments.count()) {
                arguments.error("missing-value", i, name + " without a value (expected: seconds)");
            } else {
                arguments
                        .value(i + 1, Value.integer(0, LONGEST_TIMEOUT))
                        .ifPresent(seconds -> global.timeouts.put(name, Duration.ofSeconds(seconds)));
            }
        }
    }

    private static void flushOnStop(GlobalDraft global, Arguments arguments) {
        global.flushOnStop = arguments.count() == 0;
        if (!global.flushOnStop) {
            arguments.value(0, Value.oneOf("VS")); // its own, which go anyway
        }
    }

    /** Tells what is wrong with it: it has been carried out where files were included. */
    private static void includeCheck(GlobalDraft global, Arguments arguments) {
        for (int i = 0; i < arguments.count(); i++) {
            String word = arguments.word(i).text();
            if (IncludeDemand.of(word).isEmpty()) {
                arguments.error(
                        "unknown-value", i, Reading.shown(word) + " (expected: one of " + IncludeDemand.words() + ")");
            } else if (i > 0 && !word.startsWith("+") && !word.startsWith("-")) {
                arguments.error(
                        "duplicate",
                        i,
                        Reading.shown(word) + " after another word (expected: a sign, as in +" + word + ")");
            }
        }
    }

    /** Adds keywords that are not carried out. */
    private static void ignored(Keywords.Builder<GlobalDraft> table, String why, int least, int most, String... names) {
        for (String name : names) {
            table.words(name, least, most, (global, arguments) -> {}).notCarriedOut(why);
        }
    }

    /** Adds keywords with one value that are not carried out. */
    private static void ignored(Keywords.Builder<GlobalDraft> table, String why, Value<?> value, String... names) {
        for (String name : names) {
            table.value(name, value, (global, any) -> {}).notCarriedOut(why);
        }
    }

    /** Adds keywords that may be followed by yes or no and are not carried out. */
    private static void ignoredBool(Keywords.Builder<GlobalDraft> table, String why, String... names) {
        for (String name : names) {
            table.bool(name, (global, yes) -> {}).notCarriedOut(why);
        }
    }

    private static void mail(Keywords.Builder<GlobalDraft> table) {
        table.lines("notification_email", 0, 0, (global, arguments) -> {
            if (arguments
                    .statement()
                    .block()
                    .map(Block::statements)
                    .orElse(List.of())
                    .isEmpty()) {
                arguments
                        .reading()
                        .corrected(
                                "missing-value",
                                arguments.at(),
                                "notification_email is empty (expected: addresses)",
                                "no mail is sent");
            }
        });
        table.notCarriedOut(NO_MAIL);
        ignored(table, NO_MAIL, Value.text(), "notification_email_from");
        ignored(table, NO_MAIL, 0, 1, "smtp_helo_name");
        ignored(table, NO_MAIL, Value.number(1, MOST_SECONDS), "smtp_connect_timeout");
        ignoredBool(table, NO_MAIL, "smtp_alert", "smtp_alert_vrrp", "smtp_alert_checker", "no_checker_emails");
        ignored(table, NO_MAIL, 0, 0, "no_email_faults");
        table.words("smtp_server", 1, 2, (global, arguments) -> {
                    if (arguments.count() > 1) {
                        arguments.value(1, Value.port());
                    }
                })
                .notCarriedOut(NO_MAIL);
    }

    private static void processes(Keywords.Builder<GlobalDraft> table) {
        ignored(table, NO_PROCESS, 0, 0, "process_names", "vrrp_no_swap", "checker_no_swap", "bfd_no_swap");
        ignored(
                table,
                NO_PROCESS,
                Value.text(PROCESS_NAME),
                "process_name",
                "vrrp_process_name",
                "checker_process_name",
                "bfd_process_name",
                "lvs_process_name");
        table.deprecated("checker_process_name");
        ignored(table, NO_PROCESS, Value.integer(-20, 19), "vrrp_priority", "checker_priority", "bfd_priority");
        ignored(table, NO_PROCESS, Value.integer(1, 99), "vrrp_rt_priority", "checker_rt_priority", "bfd_rt_priority");
        Value<Long> limit = Value.number(1, Value.MAX);
        for (String process : List.of("vrrp", "checker", "bfd")) {
            ignored(table, NO_PROCESS, limit, process + "_rlimit_rttime", process + "_rlimit_rtime");
            table.deprecated(process + "_rlimit_rttime");
            table.words(process + "_cpu_affinity", 1, MOST_CPUS, (global, arguments) -> {
                        for (int i = 0; i < arguments.count(); i++) {
                            arguments.value(i, Value.integer(0, MOST_CPUS - 1));
                        }
                    })
                    .notCarriedOut(NO_PROCESS);
        }
        table.words("max_auto_priority", 0, 1, (global, arguments) -> {
                    if (arguments.count() > 0) {
                        arguments.value(0, Value.integer(-1, 99));
                    }
                })
                .notCarriedOut(NO_PROCESS);
        ignored(table, NO_PROCESS, Value.integer(1, 10_000_000), "min_auto_priority_delay");
        ignored(table, NO_PROCESS, 1, Integer.MAX_VALUE, "startup_script", "shutdown_script", "umask");
        ignored(table, NO_PROCESS, Value.integer(1, 1000), "startup_script_timeout", "shutdown_script_timeout");
        Value<Long> size = Value.number(0, Value.MAX);
        for (String socket : List.of(
                "vrrp_netlink_cmd",
                "vrrp_netlink_monitor",
                "process_monitor",
                "lvs_netlink_cmd",
                "lvs_netlink_monitor")) {
            ignored(table, NO_PROCESS, size, socket + "_rcv_bufs");
            ignoredBool(table, NO_PROCESS, socket + "_rcv_bufs_force");
        }
    }

    private static void routers(Keywords.Builder<GlobalDraft> table) {
        VrrpGlobals.keywords(table);
        ignored(table, NO_INTERFACES, Value.text(), "default_interface", "vmac_prefix", "vmac_addr_prefix");
        ignored(
                table,
                NO_INTERFACES,
                0,
                0,
                "disable_local_igmp",
                "fifo_write_vrrp_states_on_reload",
                "log_unknown_vrids");
        table.words("dynamic_interfaces", 0, 1, (global, arguments) -> {
                    if (arguments.count() > 0) {
                        arguments.value(0, Value.oneOf("allow_if_changes"));
                    }
                })
                .notCarriedOut(NO_INTERFACES);
        table.words(
                        "lvs_sync_daemon",
                        1,
                        16,
                        (global, arguments) -> global.connectionSync = ConnectionSyncReader.read(arguments))
                .once();
        ignored(table, NO_INTERFACES, Value.seconds(1, Value.MAX), "vrrp_garp_interval", "vrrp_gna_interval");
        ignored(table, NO_INTERFACES, Value.seconds(1000, Value.MAX), "vrrp_startup_delay");
        ignored(table, NO_INTERFACES, 1, 3, "vrrp_rx_bufs_policy");
        ignored(table, NO_INTERFACES, Value.number(1, Value.MAX), "vrrp_rx_bufs_multiplier");
    }

    private static void others(Keywords.Builder<GlobalDraft> table) {
        ignored(table, NO_NFTABLES, 0, 2, "vrrp_iptables");
        table.refused("nftables");
        ignored(table, NO_NFTABLES, 0, 1, "nftables", "nftables_ipvs");
        ignored(
                table,
                NO_NFTABLES,
                Value.integer(Integer.MIN_VALUE, Integer.MAX_VALUE),
                "nftables_priority",
                "nftables_ipvs_priority");
        ignored(table, NO_NFTABLES, Value.number(1, Value.MAX), "nftables_ipvs_start_fwmark");
        ignored(table, NO_NFTABLES, 0, 0, "nftables_ifindex", "nftables_counters");
        for (String whose : List.of("", "vrrp_", "lvs_")) {
            ignored(table, NO_FIFO, 1, 3, whose + "notify_fifo");
            table.once();
            ignored(table, NO_FIFO, 1, Integer.MAX_VALUE, whose + "notify_fifo_script");
            table.once();
        }
        ignored(table, NO_SNMP, 1, 1, "snmp_socket");
        table.once();
        ignored(
                table,
                NO_SNMP,
                0,
                0,
                "enable_traps",
                "enable_snmp_vrrp",
                "enable_snmp_keepalived",
                "enable_snmp_rfc",
                "enable_snmp_rfcv2",
                "enable_snmp_rfcv3",
                "enable_snmp_checker");
        ignored(table, "there is no D-Bus", 0, 0, "enable_dbus");
        ignored(table, "there is no D-Bus", Value.text(), "dbus_service_name");
        ignoredBool(table, NO_FIFO, "rs_init_notifies");
        ignoredBool(table, "each change of a check's result is an event", "checker_log_all_failures");
        ignored(table, NO_RELOAD, Value.text(), "config_save_dir", "tmp_config_directory", "reload_time_file");
        ignored(table, NO_RELOAD, 0, 1, "reload_check_config", "reload_file");
        ignored(table, NO_RELOAD, 0, 0, "reload_repeat", "data_use_instance");
        table.words("include_check", 0, Integer.MAX_VALUE, GlobalKeywords::includeCheck);
        ignored(table, "reading is given its seed", Value.number(0, Value.MAX), "random_seed");
    }
}
