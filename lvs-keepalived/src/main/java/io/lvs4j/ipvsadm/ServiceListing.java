package io.lvs4j.ipvsadm;

import io.lvs4j.DirectorSnapshot;
import io.lvs4j.ServerSnapshot;
import io.lvs4j.ServerState;
import io.lvs4j.ServiceSnapshot;
import io.lvs4j.VirtualService;
import io.lvs4j.spi.ServerCounters;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A table of virtual services as ipvsadm shows one: choose a {@link Listing} to print it. Of a director's snapshot, on any backend,
 * or made by hand of the kernel's table.
 *
 * <p>Of a snapshot it has what the kernel's table would have: the servers that serve, with the weight in force, and those that are
 * left, with weight 0, while they have connections. A service with several addresses is listed once for each, every time with the
 * figures of the whole; of a range of ports the first is listed. Where a backend does not tell rates, they are 0.
 *
 * @param version what the first line of listings says of the version, such as {@code 1.2.1}
 * @param size what it says of the table's size
 * @param services the services
 */
public record ServiceListing(String version, int size, List<ListedService> services) {
    /** The version that a listing of a snapshot shows: that of IPVS in Linux since 2.6. */
    public static final String VERSION = "1.2.1";

    /** The size that a listing of a snapshot shows: that of the kernel's table unless told otherwise. */
    public static final int SIZE = 4096;

    private static final Set<ServerState> FAILED = EnumSet.of(ServerState.DOWN, ServerState.HELD, ServerState.EJECTED);

    /** Copies the list. */
    public ServiceListing {
        Objects.requireNonNull(version, "version");
        services = List.copyOf(services);
    }

    /**
     * {@return the table of a director's services, sorted as ipvsadm sorts}
     *
     * @param snapshot the services at one moment
     */
    public static ServiceListing of(DirectorSnapshot snapshot) {
        List<ListedService> services = new ArrayList<>();
        for (ServiceSnapshot service : snapshot.services()) {
            List<ListedServer> servers = servers(service);
            for (ServiceRule rule : RuleMaker.services(service.service())) {
                services.add(new ListedService(rule, totals(service), rates(service), servers));
            }
        }
        return new ServiceListing(VERSION, SIZE, services).sorted();
    }

    private static List<ListedServer> servers(ServiceSnapshot service) {
        List<ListedServer> servers = new ArrayList<>();
        List<ServerSnapshot> all = new ArrayList<>(service.servers());
        service.sorryServer().ifPresent(all::add);
        for (ServerSnapshot server : all) {
            OptionalInt weight = weight(service.service(), server);
            if (weight.isPresent()) {
                ServerCounters counters = server.counters();
                servers.add(new ListedServer(
                        RuleMaker.server(service.service(), server.server(), weight.getAsInt()),
                        counters.active(),
                        counters.inactive(),
                        counters.persistent(),
                        Traffic.of(counters),
                        server.rates().map(Traffic::of).orElse(Traffic.NONE)));
            }
        }
        return servers;
    }

    /** Returns the weight that the kernel would show; empty if it would not know the server. */
    private static OptionalInt weight(VirtualService service, ServerSnapshot server) {
        if (server.serving()) {
            return OptionalInt.of(server.weight());
        }
        boolean quiesced = server.state() == ServerState.UP || server.state() == ServerState.DRAINING;
        boolean inhibited = FAILED.contains(server.state())
                && (service.poolRules().inhibitOnFailure() || server.server().inhibitOnFailure());
        boolean left = server.counters().open() > 0
                && !service.scheduling().name().equals("dh"); // which would go on choosing it
        return quiesced || inhibited || left ? OptionalInt.of(0) : OptionalInt.empty();
    }

    private static Traffic totals(ServiceSnapshot service) {
        List<ServerSnapshot> all = new ArrayList<>(service.servers());
        service.sorryServer().ifPresent(all::add);
        long packetsIn = 0;
        long packetsOut = 0;
        long bytesIn = 0;
        long bytesOut = 0;
        for (ServerSnapshot server : all) {
            ServerCounters counters = server.counters();
            packetsIn += counters.packetsIn();
            packetsOut += counters.packetsOut();
            bytesIn += counters.bytesIn();
            bytesOut += counters.bytesOut();
        }
        return new Traffic(service.connections(), packetsIn, packetsOut, bytesIn, bytesOut);
    }

    private static Traffic rates(ServiceSnapshot service) {
        return service.rates().map(Traffic::of).orElse(Traffic.NONE);
    }

    /** {@return the same table in the order of ipvsadm, which {@code --sort} is the name of} */
    public ServiceListing sorted() {
        List<ListedService> sorted = new ArrayList<>();
        for (ListedService service : ListingOrder.sort(services, ListingOrder.SERVICES)) {
            sorted.add(new ListedService(
                    service.rule(),
                    service.totals(),
                    service.rates(),
                    ListingOrder.sort(service.servers(), ListingOrder.SERVERS)));
        }
        return new ServiceListing(version, size, sorted);
    }

    /**
     * {@return the rules as {@code ipvsadm -Sn} prints them} It forgets thresholds; {@link SavedRules} does not.
     */
    public String rules() {
        StringBuilder text = new StringBuilder();
        for (ListedService service : services) {
            text.append("-A ").append(service.rule()).append('\n');
            for (ListedServer server : service.servers()) {
                text.append("-a ")
                        .append(service.rule().address())
                        .append(' ')
                        .append(server.rule().withoutThresholds())
                        .append('\n');
            }
        }
        return text.toString();
    }

    /**
     * {@return one service}
     *
     * @param address its address
     */
    public Optional<ListedService> service(ServiceAddress address) {
        return services.stream()
                .filter(service -> service.rule().address().equals(address))
                .findFirst();
    }
}
