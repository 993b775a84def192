package io.lvs4j.vrrp;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * All that a router or a group of them looks at. Each list has each name once.
 *
 * @param interfaces network interfaces, beside the router's own
 * @param scripts names of {@link TrackScript}s
 * @param processes names of {@link TrackProcess}es
 * @param files names of {@link TrackFile}s
 * @param services virtual services of this host, as {@link io.lvs4j.ServiceKey} prints them; one fails while it does not have its quorum.
 *     keepalived.conf has no word for them
 */
public record Tracking(
        List<Tracked> interfaces,
        List<Tracked> scripts,
        List<Tracked> processes,
        List<Tracked> files,
        List<Tracked> services) {
    private static final Tracking NONE = new Tracking(List.of(), List.of(), List.of(), List.of());

    /** Checks and copies the lists. */
    public Tracking {
        interfaces = once("interface", interfaces);
        interfaces.forEach(each -> InterfaceName.require("interface", each.name()));
        scripts = once("script", scripts);
        processes = once("process", processes);
        files = once("file", files);
        services = once("service", services);
    }

    /**
     * What a keepalived.conf can say.
     *
     * @param interfaces network interfaces, beside the router's own
     * @param scripts names of {@link TrackScript}s
     * @param processes names of {@link TrackProcess}es
     * @param files names of {@link TrackFile}s
     */
    public Tracking(List<Tracked> interfaces, List<Tracked> scripts, List<Tracked> processes, List<Tracked> files) {
        this(interfaces, scripts, processes, files, List.of());
    }

    private static List<Tracked> once(String what, List<Tracked> all) {
        Set<String> names = new HashSet<>();
        for (Tracked each : all) {
            if (!names.add(each.name())) {
                throw new IllegalArgumentException("tracked " + what + ": " + each.name() + " (expected: once)");
            }
        }
        return List.copyOf(all);
    }

    /** {@return nothing} */
    public static Tracking none() {
        return NONE;
    }

    /**
     * {@return the same and an interface}
     *
     * @param tracked it
     */
    public Tracking withInterface(Tracked tracked) {
        return new Tracking(and(interfaces, tracked), scripts, processes, files, services);
    }

    /**
     * {@return the same and a script}
     *
     * @param tracked it
     */
    public Tracking withScript(Tracked tracked) {
        return new Tracking(interfaces, and(scripts, tracked), processes, files, services);
    }

    /**
     * {@return the same and a process}
     *
     * @param tracked it
     */
    public Tracking withProcess(Tracked tracked) {
        return new Tracking(interfaces, scripts, and(processes, tracked), files, services);
    }

    /**
     * {@return the same and a file}
     *
     * @param tracked it
     */
    public Tracking withFile(Tracked tracked) {
        return new Tracking(interfaces, scripts, processes, and(files, tracked), services);
    }

    /**
     * {@return the same and a virtual service of this host}
     *
     * @param tracked it, by the text of its key
     */
    public Tracking withService(Tracked tracked) {
        return new Tracking(interfaces, scripts, processes, files, and(services, tracked));
    }

    private static List<Tracked> and(List<Tracked> all, Tracked more) {
        List<Tracked> list = new ArrayList<>(all);
        list.add(more);
        return list;
    }

    /** {@return all of them} */
    public Stream<Tracked> all() {
        return Stream.of(interfaces, scripts, processes, files, services).flatMap(List::stream);
    }
}
