package io.lvs4j.examples;

import io.lvs4j.Director;
import io.lvs4j.ListenAddress;
import io.lvs4j.Persistence;
import io.lvs4j.RealServer;
import io.lvs4j.ServerKey;
import io.lvs4j.ServiceHandle;
import io.lvs4j.VirtualService;
import io.lvs4j.scheduler.Flow;
import io.lvs4j.scheduler.HeadlessBackend;
import io.lvs4j.scheduler.Lease;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The decisions of a gateway that has authenticated its users: one user stays on one server, wherever they connect from. */
final class UserGateway implements AutoCloseable {
    private final HeadlessBackend decisions = HeadlessBackend.create();
    private final Director director = Director.builder().backend(decisions).build();
    private final InetSocketAddress address;
    private final ServiceHandle service;

    UserGateway(ListenAddress address, List<ServerKey> servers) {
        this.address = new InetSocketAddress(address.address(), address.firstPort());
        VirtualService.Builder description = VirtualService.builder()
                .listen(address)
                .scheduler("lc")
                .persistence(Persistence.byKey(Duration.ofHours(1)));
        servers.forEach(
                server -> description.realServer(RealServer.builder(server).build()));
        service = director.add(description.build());
    }

    // tag::user
    Optional<Lease> serverFor(String user, InetSocketAddress client) {
        return decisions.acquire(service.key(), new Flow().set(client, address).key(user));
    }

    boolean logOut(String user) {
        return service.persistence().orElseThrow().evict(user);
    }
    // end::user

    @Override
    public void close() {
        director.close();
    }
}
