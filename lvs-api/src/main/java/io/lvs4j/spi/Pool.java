package io.lvs4j.spi;

import io.lvs4j.RealServer;
import io.lvs4j.VirtualService;
import java.util.List;
import java.util.Objects;

/**
 * The server set that a backend shall carry for one service: the description, and what health and operators make of it.
 *
 * @param service the description
 * @param members the service's servers in their order, and last its sorry server, if it has one that is none of them
 */
public record Pool(VirtualService service, List<Member> members) {
    /** Copies the list. */
    public Pool {
        Objects.requireNonNull(service, "service");
        members = List.copyOf(members);
    }

    /**
     * One server of a pool.
     *
     * @param server its description
     * @param weight the weight in force, 0..65535; it may differ from the described one while the server drains, is inhibited or
     *     starts slowly, or if a check advises another
     * @param serving whether the scheduler may know it; a server that is not serving (failed, in maintenance, standing by) gets
     *     no new connection and keeps those it has
     */
    public record Member(RealServer server, int weight, boolean serving) {
        /** Refuses null. */
        public Member {
            Objects.requireNonNull(server, "server");
        }
    }
}
