package io.lvs4j.ipvsadm;

import io.lvs4j.VirtualService;
import io.lvs4j.keepalived.syntax.Diagnostic;
import io.lvs4j.keepalived.syntax.Position;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Carries rules out on an empty table, and refuses what the kernel would: what is not there, and what is there already. */
final class TableOfRules {
    private final Findings findings = new Findings();
    private final Map<ServiceAddress, Entry> table = new LinkedHashMap<>();
    private final Set<ServiceAddress> missed = new HashSet<>();

    /** A service: the rule that it has its settings from, and of each server the rule that it has its settings from. */
    static final class Entry {
        private Rules.Rule service;
        private final Map<Endpoint, Rules.Rule> servers = new LinkedHashMap<>();

        private Entry(Rules.Rule service) {
            this.service = service;
        }

        Rules.Rule service() {
            return service;
        }

        List<Rules.Rule> servers() {
            return List.copyOf(servers.values());
        }
    }

    private record Endpoint(InetAddress address, int port) {}

    private TableOfRules() {}

    static Rules.Services services(Rules rules) {
        TableOfRules table = new TableOfRules();
        rules.list().forEach(table::carryOut);
        Descriptions descriptions = new Descriptions(table.findings);
        List<VirtualService> services = table.table.values().stream()
                .map(descriptions::of)
                .flatMap(Optional::stream)
                .toList();
        List<Diagnostic> diagnostics = new ArrayList<>(rules.diagnostics());
        diagnostics.addAll(table.findings.list());
        diagnostics.sort(
                Comparator.comparingInt((Diagnostic found) -> found.at().line())
                        .thenComparingInt(found -> found.at().column()));
        return new Rules.Services(services, table.listing(), diagnostics);
    }

    private ServiceListing listing() {
        List<ListedService> services = new ArrayList<>();
        for (Entry entry : table.values()) {
            List<ListedServer> servers = entry.servers().stream()
                    .map(rule -> new ListedServer(server(rule), 0, 0, 0, Traffic.NONE, Traffic.NONE))
                    .toList();
            services.add(new ListedService(service(entry.service()), Traffic.NONE, Traffic.NONE, servers));
        }
        return new ServiceListing(ServiceListing.VERSION, ServiceListing.SIZE, services);
    }

    /** Returns the settings that a rule of {@link Entry#service} gives. */
    static ServiceRule service(Rules.Rule rule) {
        return rule.command() instanceof Command.EditService edit
                ? edit.service()
                : ((Command.AddService) rule.command()).service();
    }

    /** Returns the settings that a rule of {@link Entry#servers} gives. */
    static ServerRule server(Rules.Rule rule) {
        return rule.command() instanceof Command.EditServer edit
                ? edit.server()
                : ((Command.AddServer) rule.command()).server();
    }

    private void carryOut(Rules.Rule rule) {
        Command command = rule.command();
        if (command instanceof Command.Clear) {
            table.clear();
        } else if (command instanceof Command.AddService add) {
            Entry other = table.putIfAbsent(add.service().address(), new Entry(rule));
            if (other != null) {
                exists(rule, Option.TCP_SERVICE, add.service().address(), other.service.at());
            }
        } else if (command instanceof Command.EditService edit) {
            entry(rule, edit.service().address()).ifPresent(entry -> entry.service = rule);
        } else if (command instanceof Command.DeleteService delete) {
            entry(rule, delete.service()).ifPresent(entry -> table.remove(delete.service()));
        } else if (command instanceof Command.AddServer add) {
            entry(rule, add.service()).ifPresent(entry -> {
                Rules.Rule other = entry.servers.putIfAbsent(endpoint(add.server()), rule);
                if (other != null) {
                    exists(rule, Option.REAL_SERVER, add.server().endpoint(), other.at());
                }
            });
        } else if (command instanceof Command.EditServer edit) {
            entry(rule, edit.service()).ifPresent(entry -> {
                if (entry.servers.replace(endpoint(edit.server()), rule) == null) {
                    absent(rule, Option.REAL_SERVER, edit.server().endpoint());
                }
            });
        } else if (command instanceof Command.DeleteServer delete) {
            entry(rule, delete.service()).ifPresent(entry -> {
                if (entry.servers.remove(new Endpoint(delete.address(), delete.port())) == null) {
                    absent(rule, Option.REAL_SERVER, AddressText.format(delete.address(), delete.port()));
                }
            });
        } else if (command instanceof Command.Zero zero) {
            zero.service().ifPresent(service -> entry(rule, service));
        }
    }

    private static Endpoint endpoint(ServerRule server) {
        return new Endpoint(server.address(), server.port());
    }

    private Optional<Entry> entry(Rules.Rule rule, ServiceAddress service) {
        Entry entry = table.get(service);
        if (entry == null && missed.add(service)) { // once: the line that adds it may be faulty
            absent(rule, Option.TCP_SERVICE, service);
        }
        return Optional.ofNullable(entry);
    }

    private void absent(Rules.Rule rule, Option group, Object what) {
        boolean service = group == Option.TCP_SERVICE;
        findings.error(
                service ? "no-such-service" : "no-such-server",
                rule.position(group),
                (service ? "" : "-r ") + what + ": is not there (expected: one that was added before)");
    }

    private void exists(Rules.Rule rule, Option group, Object what, Position other) {
        boolean service = group == Option.TCP_SERVICE;
        findings.error(
                service ? "service-exists" : "server-exists",
                rule.position(group),
                (service ? "" : "-r ") + what + ": is there already, since line " + other.line()
                        + " (expected: each once)");
    }
}
