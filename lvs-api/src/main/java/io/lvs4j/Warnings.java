package io.lvs4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What a description may say, but hardly means: see {@link VirtualService#warnings}. */
final class Warnings {
    private static final int HASH_BUCKETS = 256; // of sh and dh, as in the kernel
    private static final Set<String> WEIGHTLESS = Set.of("rr", "lc", "dh"); // all weights above 0 are alike to them
    private static final Set<String> HEAVIEST_FIRST = Set.of("fo", "ovf");
    private static final Set<String> COUNTING = Set.of("lc", "wlc", "sed", "nq"); // compare numbers of connections
    private static final Set<String> HASHING = Set.of("sh", "mh", "dh");

    private final VirtualService service;
    private final String scheduler;
    private final List<String> found = new ArrayList<>();

    private Warnings(VirtualService service) {
        this.service = service;
        this.scheduler = service.scheduling().name();
    }

    /** Returns one sentence each. */
    static List<String> of(VirtualService service) {
        Warnings warnings = new Warnings(service);
        warnings.serversThatAlwaysLookIdle();
        warnings.bucketsThatDoNotSuffice();
        warnings.slowStartsThatDoNotShow();
        warnings.quorumsThatCannotBe();
        warnings.inhibitedServersThatRefuse();
        return warnings.found;
    }

    private void serversThatAlwaysLookIdle() {
        boolean udp = service.key() instanceof ServiceKey.Listening listening && listening.protocol() == Protocol.UDP;
        if (service.onePacketScheduling() && COUNTING.contains(scheduler)) {
            found.add(
                    "scheduler " + scheduler + " with one-packet scheduling: no datagram leaves a connection behind,"
                            + " so every server always looks idle and one of them gets everything; rr and wrr spread datagrams");
        } else if (udp && scheduler.equals("nq")) {
            found.add(
                    "scheduler nq on UDP: a UDP flow never counts as active, so every server always looks idle and the"
                            + " one added last gets everything; rr or wlc spread UDP");
        } else if (udp && scheduler.equals("sed")) {
            found.add("scheduler sed on UDP: a UDP flow never counts as active, so the server with the greatest weight"
                    + " gets everything; rr or wlc spread UDP");
        }
    }

    private void bucketsThatDoNotSuffice() {
        List<RealServer> servers = service.realServers();
        int weights = servers.stream()
                .mapToInt(server -> Math.max(server.weight(), 1))
                .sum();
        if (scheduler.equals("sh") && weights > HASH_BUCKETS) {
            found.add("scheduler sh with weights of " + weights + " in all: there are " + HASH_BUCKETS
                    + " buckets, so the servers added first get none; mh has room for more");
        }
        if (scheduler.equals("dh") && servers.size() > HASH_BUCKETS) {
            found.add("scheduler dh with " + servers.size() + " servers: there are " + HASH_BUCKETS
                    + " buckets, so the servers added first get none");
        }
    }

    private void slowStartsThatDoNotShow() {
        if (service.poolRules().slowStart().isEmpty()) {
            return;
        }
        if (WEIGHTLESS.contains(scheduler)) {
            found.add(
                    "slowStart with scheduler " + scheduler + ": it does not look at weights, so a server gets its full"
                            + " share at once; wrr and wlc go by weight");
        } else if (HEAVIEST_FIRST.contains(scheduler)) {
            found.add(
                    "slowStart with scheduler " + scheduler + ": it prefers the heaviest server, so one gets little or"
                            + " nothing until it has outgrown others, and then everything; wrr and wlc share by weight");
        } else if (scheduler.equals("sh")) {
            found.add("slowStart with scheduler sh: every step moves clients between servers; mh moves fewer");
        }
        List<ServerKey> light = service.realServers().stream()
                .filter(server -> server.weight() > 0 && server.weight() < SlowStart.MAX_STEPS)
                .map(RealServer::key)
                .toList();
        if (!WEIGHTLESS.contains(scheduler) && !light.isEmpty()) {
            found.add("slowStart with weights below " + SlowStart.MAX_STEPS + ": weights are whole numbers, so that of "
                    + light.get(0) + (light.size() == 1 ? "" : " and " + (light.size() - 1) + " more")
                    + " grows in leaps, and one of 1 not at all; give servers weights of " + SlowStart.MAX_STEPS
                    + " or more");
        }
    }

    private void quorumsThatCannotBe() {
        PoolRules rules = service.poolRules();
        long all = PoolPolicy.weightOfAll(service);
        long quorum = Quorum.required(rules, all);
        long hysteresis = Quorum.hysteresis(rules, all);
        if (rules.quorum() > quorum) {
            found.add(
                    "quorum " + rules.quorum() + ": all servers weigh " + all + " together, so it counts as " + quorum);
        }
        if (rules.hysteresis() > hysteresis) {
            found.add("hysteresis " + rules.hysteresis() + ": the quorum is " + quorum + ", so it counts as "
                    + hysteresis);
        }
        if (hysteresis > 0 && quorum + hysteresis > all) {
            found.add(
                    "quorum " + quorum + " with hysteresis " + hysteresis + ": it is gained at " + (quorum + hysteresis)
                            + ", but all servers weigh " + all + " together; once lost, it cannot be gained again");
        }
    }

    private void inhibitedServersThatRefuse() {
        boolean inhibits = service.poolRules().inhibitOnFailure()
                || service.realServers().stream().anyMatch(RealServer::inhibitOnFailure);
        boolean fallsBack = service.scheduling().flags().contains(SchedulerFlag.SH_FALLBACK)
                || service.scheduling().flags().contains(SchedulerFlag.MH_FALLBACK);
        if (inhibits && HASHING.contains(scheduler) && !fallsBack) {
            found.add("inhibitOnFailure with scheduler " + scheduler
                    + ": a server that failed keeps its clients, which are" + " refused meanwhile"
                    + (scheduler.equals("dh") ? "" : "; " + scheduler + "-fallback gives them others"));
        }
    }
}
