package io.lvs4j.ipvsadm;

import io.lvs4j.Protocol;
import java.net.InetAddress;
import java.util.Optional;

/** What host and service names in rules stand for. ipvsadm asks name servers and {@code /etc/services}; here the caller says. */
public interface Names {

    /** {@return names that stand for nothing, so that a rule with one is an error} */
    static Names none() {
        return new Names() {
            @Override
            public Optional<InetAddress> host(String name) {
                return Optional.empty();
            }

            @Override
            public Optional<Integer> port(String name, Protocol protocol) {
                return Optional.empty();
            }
        };
    }

    /**
     * {@return the address of a host, or empty if it is not known} Called on the thread that reads the rules, once for each
     * time that the name is met.
     *
     * @param name as it was written, not an address
     */
    Optional<InetAddress> host(String name);

    /**
     * {@return the port of a service, 0..65535, or empty if it is not known}
     *
     * @param name as it was written, such as {@code http}, not a number
     * @param protocol of which protocol; TCP if the virtual service is of a firewall mark
     */
    Optional<Integer> port(String name, Protocol protocol);
}
