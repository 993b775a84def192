package io.lvs4j.netlink;

import io.lvs4j.ConnectionEntry;
import io.lvs4j.netlink.conversation.Dump;
import io.lvs4j.netlink.conversation.Outcome;
import io.lvs4j.netlink.conversation.RequestException;
import io.lvs4j.netlink.genl.GenericNetlink;
import io.lvs4j.netlink.genl.Request;
import io.lvs4j.netlink.socket.Errno;
import io.lvs4j.netlink.socket.NetlinkChannel;
import io.lvs4j.netlink.socket.NetlinkSocket;
import io.lvs4j.netlink.socket.NetworkNamespace;
import io.lvs4j.netlink.socket.SocketException;
import io.lvs4j.netlink.wire.Attributes;
import io.lvs4j.netlink.wire.MalformedMessageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The kernel's table of virtual services, and all else that its IPVS offers: what ipvsadm does, from Java. One network namespace's.
 *
 * <pre>{@code
 * try (Ipvs ipvs = Ipvs.open()) {
 *     var web = new IpvsServiceKey.Address(Protocol.TCP, InetAddress.getByName("10.0.0.1"), 80);
 *     ipvs.apply(List.of(
 *             new IpvsChange.AddService(IpvsService.of(web, "wlc")),
 *             new IpvsChange.AddDestination(web, IpvsDestination.masquerade(server, 8080, 1))));
 *     ipvs.destinations(web).forEach(System.out::println);
 * }
 * }</pre>
 *
 * <p>Everything wants CAP_NET_ADMIN, reading too. Thread-safe: calls wait for each other. Every call asks the kernel; nothing is
 * remembered.
 */
public final class Ipvs implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Ipvs.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int READINGS = 16;
    private static final int NAMED = 8;

    private final GenericNetlink kernel;
    private final Optional<String> namespace;
    private final Set<String> unreadable = new HashSet<>();

    Ipvs(GenericNetlink kernel, Optional<String> namespace) {
        this.kernel = kernel;
        this.namespace = namespace;
    }

    /**
     * Opens the table of this process's network namespace.
     *
     * @return the open table
     * @throws IpvsException if there is no IPVS here, or it must not be used; the message says what to do
     */
    public static Ipvs open() {
        return open(() -> NetlinkSocket.open(PATIENCE), Optional.empty());
    }

    /**
     * Opens the table of another network namespace.
     *
     * @param namespace a file that stands for it, such as {@code /run/netns/blue}
     * @return the open table
     * @throws IpvsException if there is no such namespace or no IPVS, or it must not be used; the message says what to do
     */
    public static Ipvs open(String namespace) {
        Objects.requireNonNull(namespace, "namespace");
        return open(() -> NetworkNamespace.call(namespace, () -> NetlinkSocket.open(PATIENCE)), Optional.of(namespace));
    }

    static Ipvs open(Supplier<NetlinkChannel> channel, Optional<String> namespace) {
        try {
            return new Ipvs(GenericNetlink.open(channel.get(), IpvsCodec.FAMILY, IpvsCodec.VERSION), namespace);
        } catch (RequestException e) {
            String reason = e.outcome().errno() == Errno.ENOENT
                    ? "this kernel has no IPVS; load it: modprobe ip_vs (package linux-modules or kernel-modules, not in"
                            + " every container host or cloud kernel)"
                    : String.valueOf(e.getMessage());
            throw new IpvsException("open", "ipvs", e.outcome().errno(), reason, e);
        } catch (SocketException | MalformedMessageException e) {
            throw silent("open", "ipvs", e);
        }
    }

    // ---------------------------------------------------------------- reading

    /** {@return version and size} */
    public synchronized IpvsInfo info() {
        return get("info", Request.of(IpvsCodec.GET_INFO), IpvsCodec::info);
    }

    /**
     * {@return the services, in the kernel's order} Those that cannot be described here (of another protocol, say) are left out
     * and logged once.
     */
    public synchronized List<IpvsServiceEntry> services() {
        return list("services", Request.of(IpvsCodec.GET_SERVICE), IpvsCodec::serviceEntry, IpvsServiceEntry::service);
    }

    /**
     * {@return a service, if it is there}
     *
     * @param key the service
     */
    public synchronized Optional<IpvsServiceEntry> service(IpvsServiceKey key) {
        try {
            return Optional.of(IpvsCodec.serviceEntry(kernel.get(IpvsCodec.getService(key))));
        } catch (RequestException e) {
            if (e.outcome().errno() == Errno.ESRCH) {
                return Optional.empty();
            }
            throw IpvsException.refused("read", "service " + key, e.outcome());
        } catch (SocketException | MalformedMessageException | IllegalArgumentException e) {
            throw silent("read", "service " + key, e);
        }
    }

    /**
     * {@return the destinations of a service, in the kernel's order: the one added last comes first}
     *
     * @param key the service
     * @throws IpvsException if there is no such service
     */
    public synchronized List<IpvsDestinationEntry> destinations(IpvsServiceKey key) {
        List<IpvsDestinationEntry> entries = list(
                "destinations of " + key,
                IpvsCodec.getDestinations(key),
                message -> IpvsCodec.destinationEntry(message, key.family()),
                IpvsDestinationEntry::destination);
        if (entries.isEmpty()
                && service(key).isEmpty()) { // the kernel lists nothing for a service that it does not have
            throw IpvsException.refused("read", "destinations of " + key, new Outcome(Errno.ESRCH, ""));
        }
        return entries;
    }

    /** {@return how long connections are kept} */
    public synchronized IpvsTimeouts timeouts() {
        return get("timeouts", Request.of(IpvsCodec.GET_CONFIG), IpvsCodec::timeouts);
    }

    /** {@return the sync daemons that run, at most one of each role} */
    public synchronized List<SyncDaemon> daemons() {
        return list("sync daemons", Request.of(IpvsCodec.GET_DAEMON), IpvsCodec::daemon, Function.identity());
    }

    /** {@return the connections and persistence templates at hand now; those that come and go meanwhile may be missing} */
    public List<ConnectionEntry> connections() {
        List<ConnectionEntry> connections = new ArrayList<>();
        forEachConnection(connections::add);
        return connections;
    }

    /** Visits them one by one, and holds up nobody else who asks the kernel. */
    void forEachConnection(Consumer<ConnectionEntry> action) {
        ConnectionFile.read(namespace, action);
    }

    /**
     * Reads a list until it can be trusted. The kernel goes on with a long list where it was by position, so if something is
     * added or removed between two parts, others appear twice or not at all, and nothing says so. A list in one part is taken in
     * one go; of one in several parts two readings must agree.
     */
    private <T> List<T> list(String what, Request request, Function<Attributes, T> decode, Function<T, ?> settings) {
        List<?> before = null;
        for (int i = 0; i < READINGS; i++) {
            Dump<Attributes> dump;
            try {
                dump = kernel.dump(request);
            } catch (RequestException e) {
                throw IpvsException.refused("read", what, e.outcome());
            } catch (SocketException | MalformedMessageException e) {
                throw silent("read", what, e);
            }
            List<T> entries = decoded(what, dump, decode);
            if (dump.parts() <= 1 && !dump.interrupted()) {
                return entries;
            }
            List<?> now = entries.stream().map(settings).toList();
            if (now.equals(before) && !dump.interrupted()) {
                return entries;
            }
            before = now;
        }
        throw new IpvsException(
                "read",
                what,
                0,
                "no two of " + READINGS + " readings agree: somebody changes the table all the time",
                null);
    }

    private <T> List<T> decoded(String what, Dump<Attributes> dump, Function<Attributes, T> decode) {
        List<T> entries = new ArrayList<>(dump.entries().size());
        for (Attributes message : dump.entries()) {
            try {
                entries.add(decode.apply(message));
            } catch (MalformedMessageException | IllegalArgumentException e) {
                String reason = what + ": " + e.getMessage();
                if (unreadable.size() < READINGS && unreadable.add(reason)) {
                    LOG.warn("Left out of the {}", reason);
                }
            }
        }
        return entries;
    }

    // ---------------------------------------------------------------- changing

    /**
     * Has changes carried out in their order. Whatever becomes of one, the next is tried.
     *
     * @param changes what to do
     * @return what became of each, in the same order
     * @throws IpvsException if the kernel does not answer: then it is not known how far it has come, and it must be looked at
     */
    public synchronized List<IpvsResult> tryAll(List<IpvsChange> changes) {
        List<Outcome> outcomes;
        try {
            outcomes = kernel.execute(changes.stream().map(IpvsCodec::request).toList());
        } catch (SocketException | MalformedMessageException e) {
            throw silent("change", changes.size() + " entries of " + services(changes), e);
        }
        List<IpvsResult> results = new ArrayList<>(outcomes.size());
        for (int i = 0; i < outcomes.size(); i++) {
            Outcome outcome = outcomes.get(i);
            IpvsChange change = changes.get(i);
            results.add(new IpvsResult(
                    change, outcome.ok() ? Optional.empty() : Optional.of(IpvsException.refused(change, outcome))));
        }
        return results;
    }

    private static String services(List<IpvsChange> changes) {
        return changes.stream()
                .map(change -> change.service().toString())
                .distinct()
                .limit(NAMED)
                .collect(Collectors.joining(", "));
    }

    /**
     * Has changes carried out in their order.
     *
     * @param changes what to do
     * @throws IpvsException if the kernel refuses one: the first that it refused; the others have been tried all the same, and
     *     what it refused of them is suppressed in the exception
     */
    public void apply(List<IpvsChange> changes) {
        IpvsException first = null;
        for (IpvsResult result : tryAll(changes)) {
            if (result.failure().isPresent()) {
                IpvsException failure = result.failure().get();
                if (first == null) {
                    first = failure;
                } else {
                    first.addSuppressed(failure);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }

    /** Removes all services, whosever they are. */
    public synchronized void flush() {
        change("flush", "services", Request.of(IpvsCodec.FLUSH));
    }

    /** Sets the counters of all services to 0. */
    public synchronized void zero() {
        change("zero", "services", Request.of(IpvsCodec.ZERO));
    }

    /**
     * Sets how long connections are kept.
     *
     * @param timeouts the times; 0 leaves one as it is
     */
    public synchronized void timeouts(IpvsTimeouts timeouts) {
        change("set", "timeouts", IpvsCodec.setTimeouts(timeouts));
    }

    /**
     * Starts a sync daemon.
     *
     * @param daemon its settings
     * @throws IpvsException if one of this role runs already, or there is no such interface
     */
    public synchronized void start(SyncDaemon daemon) {
        change(
                "start",
                "sync daemon " + daemon.role() + " on " + daemon.networkInterface(),
                IpvsCodec.startDaemon(daemon));
    }

    /**
     * Stops a sync daemon.
     *
     * @param role which one
     * @throws IpvsException if none of this role runs
     */
    public synchronized void stop(SyncDaemon.Role role) {
        try {
            change("stop", "sync daemon " + role, IpvsCodec.stopDaemon(role));
        } catch (IpvsException e) {
            // The kernel does not answer if the daemon had hardly begun.
            if (e.errno() != Errno.EAGAIN || daemons().stream().anyMatch(daemon -> daemon.role() == role)) {
                throw e;
            }
        }
    }

    private void change(String operation, String subject, Request request) {
        Outcome outcome;
        try {
            outcome = kernel.execute(List.of(request)).get(0);
        } catch (SocketException | MalformedMessageException e) {
            throw silent(operation, subject, e);
        }
        if (!outcome.ok()) {
            throw IpvsException.refused(operation, subject, outcome);
        }
    }

    private <T> T get(String what, Request request, Function<Attributes, T> decode) {
        try {
            return decode.apply(kernel.get(request));
        } catch (RequestException e) {
            throw IpvsException.refused("read", what, e.outcome());
        } catch (SocketException | MalformedMessageException | IllegalArgumentException e) {
            throw silent("read", what, e);
        }
    }

    /** Makes an exception of an answer that did not come or cannot be read. */
    private static IpvsException silent(String operation, String subject, RuntimeException e) {
        int errno = e instanceof SocketException failed ? failed.errno() : 0;
        String reason = errno == Errno.EAGAIN
                ? "the kernel has not answered within " + PATIENCE.toSeconds() + " s"
                : String.valueOf(e.getMessage());
        return new IpvsException(operation, subject, errno, reason, e);
    }

    /** Closes the conversation; the table stays as it is. */
    @Override
    public synchronized void close() {
        kernel.close();
    }
}
