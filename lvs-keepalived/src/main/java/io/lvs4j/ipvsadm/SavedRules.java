package io.lvs4j.ipvsadm;

import io.lvs4j.ForwardingMethod;
import io.lvs4j.ListenAddress;
import io.lvs4j.Persistence;
import io.lvs4j.RealServer;
import io.lvs4j.SchedulerFlag;
import io.lvs4j.Scheduling;
import io.lvs4j.ServiceKey;
import io.lvs4j.VirtualService;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Descriptions as rules: what {@code ipvsadm -R} takes, in the form of {@code ipvsadm -Sn}, and with the thresholds that {@code
 * ipvsadm -S} forgets. {@link Rules#read} makes the same descriptions of it, as far as rules go.
 *
 * @param commands a {@code -A} for each address of each service, and a {@code -a} for each server, in their order
 * @param lost what rules cannot say and so have lost, a sentence each, such as {@code tcp 10.0.0.1:80: health checks}
 */
public record SavedRules(List<Command> commands, List<String> lost) {
    private static final VirtualService PLAIN =
            VirtualService.builder().listen("0.0.0.0", 1).build();
    private static final Map<String, Function<VirtualService, Object>> BEYOND_RULES = beyondRules();

    /** Copies the lists. */
    public SavedRules {
        commands = List.copyOf(commands);
        lost = List.copyOf(lost);
    }

    private static Map<String, Function<VirtualService, Object>> beyondRules() {
        Map<String, Function<VirtualService, Object>> settings = new LinkedHashMap<>();
        settings.put("health checks", VirtualService::healthChecks);
        settings.put("servers by name", VirtualService::namedServers);
        settings.put("pool rules", VirtualService::poolRules);
        settings.put("timeouts", VirtualService::timeouts);
        settings.put("PROXY protocol", VirtualService::proxyProtocol);
        settings.put("access", VirtualService::access);
        settings.put("limits", VirtualService::limits);
        settings.put("server names", VirtualService::serverNames);
        return settings;
    }

    /**
     * {@return the rules of some services}
     *
     * @param services the services
     * @throws IllegalArgumentException if one listens on a range of ports or has a scheduler of the embedder's own: nothing that
     *     rules could say comes near it
     */
    public static SavedRules of(Collection<VirtualService> services) {
        List<Command> commands = new ArrayList<>();
        List<String> lost = new ArrayList<>();
        for (VirtualService service : services) {
            requirePossible(service);
            for (ServiceRule rule : RuleMaker.services(service)) {
                commands.add(new Command.AddService(rule));
                for (RealServer server : service.realServers()) {
                    commands.add(
                            new Command.AddServer(rule.address(), RuleMaker.server(service, server, server.weight())));
                }
            }
            lost(service).forEach(what -> lost.add(service.key() + ": " + what));
        }
        return new SavedRules(commands, lost);
    }

    private static void requirePossible(VirtualService service) {
        if (!service.scheduling().isKernels()) {
            throw new IllegalArgumentException(
                    service.key() + " scheduler: " + service.scheduling().name() + " (expected: one of "
                            + String.join(", ", Scheduling.names()) + ")");
        }
        if (service.key() instanceof ServiceKey.Listening listening) {
            for (ListenAddress at : listening.addresses()) {
                if (at.firstPort() != at.lastPort()) {
                    throw new IllegalArgumentException("listen: " + at
                            + " (expected: single ports; for a range mark packets and use firewallMark)");
                }
            }
        }
    }

    private static List<String> lost(VirtualService service) {
        List<String> lost = new ArrayList<>();
        BEYOND_RULES.forEach((name, setting) -> {
            if (!setting.apply(service).equals(setting.apply(PLAIN))) {
                lost.add(name);
            }
        });
        Scheduling scheduling = service.scheduling();
        if (scheduling.tableSize().isPresent()
                || scheduling.expiry().isPresent()
                || scheduling.flags().contains(SchedulerFlag.SH_OLD_HASH)
                || scheduling.flags().contains(SchedulerFlag.DH_OLD_HASH)) {
            lost.add("settings of the scheduler, " + scheduling);
        }
        service.persistence()
                .filter(SavedRules::isBeyondRules)
                .ifPresent(p -> lost.add("settings of the persistence, " + p));
        if (service.key() instanceof ServiceKey.Listening listening
                && listening.addresses().size() > 1) {
            lost.add("that its " + listening.addresses().size()
                    + " addresses share servers, they are services of their own");
        }
        for (RealServer server : service.realServers()) {
            if (service.forwardingOf(server).kind() == ForwardingMethod.Kind.FULL_NAT) {
                lost.add("full NAT of " + server.key() + ", it is masquerading");
            } else if (service.forwardingOf(server).kind() != ForwardingMethod.Kind.MASQUERADE
                    && service.key() instanceof ServiceKey.Listening listening
                    && listening.addresses().stream()
                            .anyMatch(at -> at.firstPort() != server.key().port())) {
                lost.add("the port of " + server.key() + ", it is the service's");
            }
            if (!server.healthChecks().isEmpty() || server.priority() != 0 || server.inhibitOnFailure()) {
                lost.add("checks, priority and inhibition of " + server.key());
            }
        }
        return lost;
    }

    private static boolean isBeyondRules(Persistence persistence) {
        return !persistence.equals(Persistence.of(persistence.timeout())
                .withIpv4PrefixLength(persistence.ipv4PrefixLength())
                .withIpv6PrefixLength(persistence.ipv6PrefixLength()));
    }

    /** {@return the rules, a line each} */
    public String text() {
        StringBuilder text = new StringBuilder();
        commands.forEach(command -> text.append(command).append('\n'));
        return text.toString();
    }
}
