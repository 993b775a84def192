package io.lvs4j.keepalived;

import io.lvs4j.keepalived.syntax.Position;
import io.lvs4j.vrrp.Announcements;
import io.lvs4j.vrrp.SyncGroup;
import io.lvs4j.vrrp.TrackFile;
import io.lvs4j.vrrp.TrackProcess;
import io.lvs4j.vrrp.TrackScript;
import io.lvs4j.vrrp.Tracked;
import io.lvs4j.vrrp.Tracking;
import io.lvs4j.vrrp.Transport;
import io.lvs4j.vrrp.UnicastPeer;
import io.lvs4j.vrrp.VirtualAddress;
import io.lvs4j.vrrp.VirtualMac;
import io.lvs4j.vrrp.VirtualRouter;
import io.lvs4j.vrrp.VirtualRouter.Option;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Writes virtual routers and what belongs to them. Each says all that it inherits otherwise, so that nothing stands in global_defs. */
final class RouterWriter {
    private final VrrpConfig config;
    private final BlockWriter blocks;

    private RouterWriter(VrrpConfig config, BlockWriter blocks) {
        this.config = config;
        this.blocks = blocks;
    }

    /** Adds the blocks, those that are named before those that name them. */
    static void write(VrrpConfig config, BlockWriter blocks) {
        new RouterWriter(config, blocks).write();
    }

    /** {@return a configuration as it is compared: where something stands does not matter} */
    static VrrpConfig plain(VrrpConfig config) {
        Position nowhere = new Position("", 1, 1);
        return new VrrpConfig(
                config.routers().stream()
                        .map(each -> new ConfiguredRouter(each.router(), nowhere, plain(each.scripts(), nowhere)))
                        .toList(),
                config.syncGroups().stream()
                        .map(each -> new ConfiguredGroup(each.group(), nowhere, plain(each.scripts(), nowhere)))
                        .toList(),
                config.trackScripts(),
                config.trackProcesses(),
                config.trackFiles(),
                config.staticAddresses(),
                config.staticRoutes(),
                config.staticRules(),
                config.trackGroups());
    }

    private static RouterScripts plain(RouterScripts scripts, Position nowhere) {
        java.util.Map<RouterEvent, Script> plain = new java.util.EnumMap<>(RouterEvent.class);
        scripts.scripts()
                .forEach((event, script) ->
                        plain.put(event, new Script(script.command(), script.user(), script.group(), nowhere)));
        return new RouterScripts(plain, scripts.priorityChanges());
    }

    private void write() {
        config.trackFiles().forEach(file -> blocks.block(block -> file(file, block), "track_file", file.name()));
        config.trackScripts()
                .forEach(script -> blocks.block(block -> script(script, block), "vrrp_script", script.name()));
        config.trackProcesses()
                .forEach(process ->
                        blocks.block(block -> process(process, block), "vrrp_track_process", process.name()));
        config.trackGroups()
                .forEach((name, routers) -> blocks.block(
                        block -> block.block(names -> routers.forEach(names::add), "group"), "track_group", name));
        addresses("static_ipaddress", config.staticAddresses(), blocks);
        lines(
                "static_routes",
                config.staticRoutes().stream().map(it -> it.words()).toList(),
                blocks);
        lines(
                "static_rules",
                config.staticRules().stream().map(it -> it.words()).toList(),
                blocks);
        config.syncGroups()
                .forEach(group -> blocks.block(
                        block -> group(group, block),
                        "vrrp_sync_group",
                        group.group().name()));
        config.routers()
                .forEach(router -> blocks.block(
                        block -> router(router, block),
                        "vrrp_instance",
                        router.router().name()));
    }

    private static void file(TrackFile file, BlockWriter block) {
        block.add("file", file.path());
        weight(file.weight(), file.reverse(), block);
    }

    private static void weight(int weight, boolean reverse, BlockWriter block) {
        if (reverse) {
            block.add("weight", weight, "reverse");
        } else {
            block.add("weight", weight);
        }
    }

    private static void script(TrackScript script, BlockWriter block) {
        block.program("script", script.command());
        block.add("interval", script.interval().toSeconds());
        block.add("timeout", script.timeout().toSeconds());
        block.add("rise", script.rise());
        block.add("fall", script.fall());
        weight(script.weight(), script.reverse(), block);
        script.user()
                .ifPresent(user -> block.add(
                        "user",
                        Stream.concat(Stream.of(user), script.group().stream()).toArray()));
        flag("init_fail", script.beginsDown(), block);
    }

    private static void process(TrackProcess process, BlockWriter block) {
        block.add("process", process.command().toArray());
        switch (process.match()) {
            case NONE -> {}
            case EXACT -> block.add("param_match");
            case PARTIAL -> block.add("param_match", "partial");
            case INITIAL -> block.add("param_match", "initial");
        }
        weight(process.weight(), process.reverse(), block);
        if (process.quorum() > 0) {
            block.add("quorum", process.quorum());
        }
        process.quorumMax().ifPresent(most -> block.add("quorum_max", most));
        delay("terminate_delay", process.terminateDelay(), block);
        delay("fork_delay", process.forkDelay(), block);
        flag("full_command", process.fullCommand(), block);
    }

    private static void delay(String keyword, Duration delay, BlockWriter block) {
        if (!delay.isZero()) {
            block.seconds(keyword, delay);
        }
    }

    private static void flag(String keyword, boolean on, BlockWriter block) {
        if (on) {
            block.add(keyword);
        }
    }

    private static void group(ConfiguredGroup configured, BlockWriter block) {
        SyncGroup group = configured.group();
        block.block(names -> group.routers().forEach(names::add), "group");
        tracking(group.tracking(), block);
        flag("sync_group_tracking_weight", group.trackingWeight(), block);
        notify(configured.scripts(), block);
    }

    private static void tracking(Tracking tracking, BlockWriter block) {
        tracked("track_interface", tracking.interfaces(), block);
        tracked("track_script", tracking.scripts(), block);
        tracked("track_process", tracking.processes(), block);
        tracked("track_file", tracking.files(), block);
    }

    private static void tracked(String keyword, List<Tracked> all, BlockWriter block) {
        if (all.isEmpty()) {
            return;
        }
        block.block(
                lines -> all.forEach(each -> {
                    if (each.reverse()) {
                        lines.add(each.name(), "weight", each.weight(), "reverse");
                    } else if (keyword.equals("track_interface")) {
                        lines.add(each.name(), "weight", each.weight());
                    } else {
                        lines.add(each.name(), "weight", each.weight(), "noreverse");
                    }
                }),
                keyword);
    }

    private static void notify(RouterScripts scripts, BlockWriter block) {
        for (RouterEvent event : RouterEvent.values()) {
            Script script = scripts.scripts().get(event);
            if (script != null) {
                block.program(
                        event.keyword(),
                        script.command(),
                        Stream.concat(script.user().stream(), script.group().stream())
                                .toList());
            }
        }
        block.add("notify_priority_changes", yes(scripts.priorityChanges()));
    }

    private static String yes(boolean value) {
        return value ? "yes" : "no";
    }

    private static void router(ConfiguredRouter configured, BlockWriter block) {
        VirtualRouter router = configured.router();
        block.add("version", router.version().number());
        block.add("state", router.initialState());
        router.networkInterface().ifPresent(name -> block.add("interface", name));
        block.add("virtual_router_id", router.virtualRouterId());
        block.add("priority", router.priority());
        block.seconds("advert_int", router.advertisementInterval());
        if (!router.preempt()) {
            block.add("nopreempt");
        } else if (!router.preemptDelay().isZero()) {
            block.seconds("preempt_delay", router.preemptDelay());
        }
        router.authentication()
                .ifPresent(it -> block.block(
                        lines -> {
                            lines.add("auth_type", it.type());
                            lines.text("auth_pass", it.password());
                        },
                        "authentication"));
        transport(router.transport(), block);
        router.virtualMac().ifPresent(mac -> mac(mac, block));
        flag("use_vmac_addr", router.has(Option.VIRTUAL_MAC_FOR_ALL_ADDRESSES), block);
        flag("dont_track_primary", !router.trackInterface(), block);
        tracking(router.tracking(), block);
        options(router, block);
        announcements(router.announcements(), router.has(Option.STRICT), block);
        addresses("virtual_ipaddress", router.addresses(), block);
        addresses("virtual_ipaddress_excluded", router.excludedAddresses(), block);
        lines("virtual_routes", router.routes().stream().map(it -> it.words()).toList(), block);
        lines("virtual_rules", router.rules().stream().map(it -> it.words()).toList(), block);
        notify(configured.scripts(), block);
    }

    private static void transport(Transport transport, BlockWriter block) {
        boolean unicast = !transport.peers().isEmpty();
        transport
                .source()
                .ifPresent(source -> block.add(unicast ? "unicast_src_ip" : "mcast_src_ip", source.getHostAddress()));
        flag("track_src_ip", transport.trackSource(), block);
        transport.group().ifPresent(group -> block.add("mcast_dst_ip", group.getHostAddress()));
        if (unicast) {
            block.block(lines -> transport.peers().forEach(peer -> peer(peer, lines)), "unicast_peer");
        }
        transport.ttl().ifPresent(ttl -> block.add("unicast_ttl", ttl));
        flag("check_unicast_src", transport.checkSource(), block);
        transport.oldChecksum().ifPresent(old -> {
            if (old) {
                block.add("old_unicast_checksum");
            } else {
                block.add("old_unicast_checksum", "never");
            }
        });
        flag("unicast_fault_no_peer", transport.faultWithoutPeers(), block);
        transport.vrf().ifPresent(name -> block.add("vrf", name));
        transport.receiveBuffer().ifPresent(bytes -> block.add("kernel_rx_buf_size", bytes));
    }

    private static void peer(UnicastPeer peer, BlockWriter lines) {
        String address = peer.address().getHostAddress();
        if (peer.equals(UnicastPeer.of(peer.address()))) {
            lines.add(address);
        } else {
            lines.add(address, "min_ttl", peer.minTtl(), "max_ttl", peer.maxTtl());
        }
    }

    private static void mac(VirtualMac mac, BlockWriter block) {
        List<Object> words = new ArrayList<>();
        switch (mac.type()) {
            case MAC -> {}
            case IPVLAN_BRIDGE -> words.add("bridge");
            case IPVLAN_PRIVATE -> words.add("private");
            case IPVLAN_VEPA -> words.add("vepa");
        }
        mac.address()
                .ifPresent(address -> words.add(address.address().getHostAddress() + "/" + address.prefixLength()));
        mac.name().ifPresent(words::add);
        mac.mac().ifPresent(words::add);
        block.add(mac.type() == VirtualMac.Type.MAC ? "use_vmac" : "use_ipvlan", words.toArray());
        flag("vmac_xmit_base", mac.sendOnBase(), block);
    }

    private static void options(VirtualRouter router, BlockWriter block) {
        flag("strict_mode", router.has(Option.STRICT), block);
        block.add(router.has(Option.ACCEPT) ? "accept" : "no_accept");
        flag("skip_check_adv_addr", router.has(Option.SKIP_ADDRESS_CHECK), block);
        block.add("lower_prio_no_advert", yes(router.has(Option.LOWER_PRIORITY_NO_ADVERT)));
        block.add("higher_prio_send_advert", yes(router.has(Option.HIGHER_PRIORITY_SEND_ADVERT)));
        flag("promote_secondaries", router.has(Option.PROMOTE_SECONDARIES), block);
        block.add("down_timer_adverts", router.downAfterAdverts());
    }

    private static void announcements(Announcements when, boolean strict, BlockWriter block) {
        block.add("garp_master_delay", when.delay().toSeconds());
        block.add("garp_master_repeat", when.repeat());
        block.add("garp_master_refresh", when.refresh().toSeconds());
        if (when.refreshRepeat() != 1) {
            block.add("garp_master_refresh_repeat", when.refreshRepeat());
        }
        if (!strict) {
            block.add("garp_lower_prio_delay", when.lowerPriorityDelay().toSeconds());
            block.add("garp_lower_prio_repeat", when.lowerPriorityRepeat());
        }
        if (!when.otherInterfaces().isZero()) {
            block.add("garp_extra_if", when.otherInterfaces().toSeconds());
        }
    }

    private static void lines(String keyword, List<List<String>> all, BlockWriter block) {
        if (!all.isEmpty()) {
            block.block(lines -> all.forEach(words -> line(words, lines)), keyword);
        }
    }

    private static void line(List<String> words, BlockWriter lines) {
        lines.add(words.get(0), words.subList(1, words.size()).toArray());
    }

    private static void addresses(String keyword, List<VirtualAddress> all, BlockWriter block) {
        lines(keyword, all.stream().map(RouterWriter::words).toList(), block);
    }

    private static List<String> words(VirtualAddress address) {
        List<String> words = new ArrayList<>();
        String own = address.address().getHostAddress();
        words.add(address.peer().isPresent() ? own : own + "/" + address.prefixLength());
        address.peer().ifPresent(peer -> words.addAll(List.of("peer", peer.getHostAddress())));
        address.broadcast().ifPresent(all -> words.addAll(List.of("brd", all.getHostAddress())));
        address.device().ifPresent(name -> words.addAll(List.of("dev", name)));
        if (address.scope() != 0) {
            words.addAll(List.of("scope", Integer.toString(address.scope())));
        }
        address.label().ifPresent(label -> words.addAll(List.of("label", label)));
        address.flags().stream().map(VirtualAddress.Flag::word).sorted().forEach(words::add);
        if (address.onVirtualMac()) {
            words.add("use_vmac");
        }
        if (!address.tracked()) {
            words.add("no_track");
        }
        VirtualAddress plain = VirtualAddress.of(address.address(), address.prefixLength());
        if (!plain.preferredLifetime().equals(address.preferredLifetime())) {
            words.add("preferred_lft");
            words.add(address.preferredLifetime()
                    .map(time -> Long.toString(time.toSeconds()))
                    .orElse("forever"));
        }
        address.trackGroup().ifPresent(group -> words.addAll(List.of("track_group", group)));
        return words;
    }
}
