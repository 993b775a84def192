package io.lvs4j.ipvsadm;

import io.lvs4j.AddressFamily;
import io.lvs4j.ForwardingMethod.Encapsulation;
import io.lvs4j.Protocol;
import io.lvs4j.ipvsadm.ServerRule.Checksum;
import io.lvs4j.ipvsadm.ServerRule.Forwarding;
import io.lvs4j.keepalived.syntax.Position;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes one line's options a command, by ipvsadm's rules: which options go together, and what is meant if one is missing. */
final class CommandReader {
    private static final String DEFAULT_SCHEDULER = "wlc";
    private static final long DEFAULT_PERSISTENCE = 360; // seconds; 300 in the manual of 1.31, 360 in the program
    private static final long MAX_PERSISTENCE = 2_678_400;

    private static final Set<Option> OF_SERVICES = EnumSet.of(
            Option.SCHEDULER, Option.PERSISTENT, Option.NETMASK, Option.ENGINE, Option.SCHED_FLAGS, Option.OPS);
    private static final Set<Option> OF_SERVERS = EnumSet.of(
            Option.REAL_SERVER,
            Option.GATEWAYING,
            Option.WEIGHT,
            Option.U_THRESHOLD,
            Option.L_THRESHOLD,
            Option.TUN_TYPE,
            Option.TUN_PORT,
            Option.TUN_NOCSUM);

    private final List<Words.Given> given;
    private final Option command;
    private final Findings findings;
    private final OptionValues values;
    private final Map<Option, Words.Given> byGroup = new EnumMap<>(Option.class);

    private CommandReader(List<Words.Given> given, Names names, Findings findings) {
        this.given = given;
        this.command = given.get(0).option();
        this.findings = findings;
        this.values = new OptionValues(names, findings);
    }

    /** Returns the command; empty if there is none, or it is wrong, which is told. */
    static Optional<Command> read(Words words, Names names, Findings findings) {
        int before = findings.errors();
        if (words.given().isEmpty()) {
            return Optional.empty();
        }
        Words.Given first = words.given().get(0);
        if (first.option().kind() == Option.Kind.OTHER_COMMAND) {
            findings.error(
                    "unsupported-command",
                    first.at(),
                    first.option() + ": no change of services (expected: one of -A, -E, -D, -a, -e, -d, -C, -Z)");
            return Optional.empty();
        }
        if (!first.option().isCommand()) {
            findings.error(
                    "missing-command",
                    first.at(),
                    first.option()
                            + ": comes first (expected: the command before it, one of -A, -E, -D, -a, -e, -d, -C, -Z)");
            return Optional.empty();
        }
        CommandReader reader = new CommandReader(words.given(), names, findings);
        reader.group();
        Optional<Command> command = reader.command();
        return findings.errors() == before ? command : Optional.empty();
    }

    private void group() {
        for (Words.Given option : given.subList(1, given.size())) {
            if (option.option().isCommand()) {
                findings.error(
                        "second-command",
                        option.at(),
                        option.option() + ": a second command (expected: options of " + command + ")");
            } else if (!allowed(option.option().group())) {
                findings.error(
                        "option-not-allowed",
                        option.at(),
                        option.option() + ": with " + command + " (expected: options of " + command + ")");
            } else {
                Words.Given other = byGroup.putIfAbsent(option.option().group(), option);
                if (other != null && option.option() != Option.IPV6) {
                    findings.error(
                            "repeated-option",
                            option.at(),
                            option.option() + ": after " + other.option() + " (expected: one of them, once)");
                }
            }
        }
    }

    private boolean allowed(Option group) {
        boolean service = group == Option.TCP_SERVICE || group == Option.IPV6;
        return switch (command) {
            case ADD_SERVICE, EDIT_SERVICE -> service || OF_SERVICES.contains(group);
            case DELETE_SERVICE, ZERO -> service;
            case ADD_SERVER, EDIT_SERVER -> service || OF_SERVERS.contains(group);
            case DELETE_SERVER -> service || group == Option.REAL_SERVER;
            default -> false;
        };
    }

    private Optional<Words.Given> option(Option group) {
        return Optional.ofNullable(byGroup.get(group));
    }

    private Position at(Option group) {
        return option(group).map(Words.Given::at).orElse(given.get(0).at());
    }

    private Optional<Command> command() {
        if (command == Option.CLEAR) {
            return Optional.of(new Command.Clear());
        }
        if (command == Option.ZERO
                && option(Option.TCP_SERVICE).isEmpty()
                && option(Option.IPV6).isEmpty()) {
            return Optional.of(new Command.Zero(Optional.empty()));
        }
        Optional<ServiceAddress> service = service();
        return switch (command) {
            case ADD_SERVICE -> service.flatMap(this::serviceRule).map(Command.AddService::new);
            case EDIT_SERVICE -> service.flatMap(this::serviceRule).map(Command.EditService::new);
            case DELETE_SERVICE -> service.map(Command.DeleteService::new);
            case ZERO -> service.map(address -> new Command.Zero(Optional.of(address)));
            case ADD_SERVER -> serverRule(service).map(rule -> new Command.AddServer(service.orElseThrow(), rule));
            case EDIT_SERVER -> serverRule(service).map(rule -> new Command.EditServer(service.orElseThrow(), rule));
            case DELETE_SERVER ->
                endpoint(service)
                        .flatMap(server -> service.map(
                                address -> new Command.DeleteServer(address, server.address(), port(server, address))));
            default -> throw new IllegalStateException("command: " + command);
        };
    }

    // ---------------------------------------------------------------- services

    private Optional<ServiceAddress> service() {
        Optional<Words.Given> found = option(Option.TCP_SERVICE);
        boolean ipv6 = requireIpv6AfterMark(found);
        if (found.isEmpty()) {
            missing("-t, -u, --sctp-service or -f");
            return Optional.empty();
        }
        Words.Given option = found.get();
        if (option.option() == Option.FWMARK_SERVICE) {
            return values.number(option, 1, 0xffffffffL)
                    .map(mark -> new ServiceAddress.Mark(mark, ipv6 ? AddressFamily.INET6 : AddressFamily.INET));
        }
        Protocol protocol = protocol(option.option());
        return values.endpoint(option, protocol)
                .map(at ->
                        new ServiceAddress.At(protocol, at.address(), at.port().orElse(0)));
    }

    private boolean requireIpv6AfterMark(Optional<Words.Given> service) {
        Optional<Words.Given> ipv6 = option(Option.IPV6);
        boolean marked = service.isPresent() && service.get().option() == Option.FWMARK_SERVICE;
        if (ipv6.isPresent() && (!marked || given.indexOf(ipv6.get()) < given.indexOf(service.get()))) {
            findings.error("bad-value", ipv6.get().at(), "-6: not after -f (expected: -f MARK -6)");
        }
        return ipv6.isPresent();
    }

    private static Protocol protocol(Option service) {
        return switch (service) {
            case UDP_SERVICE -> Protocol.UDP;
            case SCTP_SERVICE -> Protocol.SCTP;
            default -> Protocol.TCP;
        };
    }

    private Optional<ServiceRule> serviceRule(ServiceAddress address) {
        int before = findings.errors();
        String scheduler = name(Option.SCHEDULER, DEFAULT_SCHEDULER);
        String engine = name(Option.ENGINE, "");
        int flags = option(Option.SCHED_FLAGS)
                .map(option -> values.flags(option, scheduler))
                .orElse(0);
        Optional<ServiceRule.Persistent> persistent = persistent(address);
        boolean onePacket = option(Option.OPS).isPresent();
        if (address instanceof ServiceAddress.At at) {
            if (onePacket && at.protocol() != Protocol.UDP) {
                findings.error(
                        "conflicting-options",
                        at(Option.OPS),
                        "-o: with " + at.protocol() + " (expected: -u or -f, only datagrams are scheduled one by one)");
            }
            if (at.port() == 0 && option(Option.PERSISTENT).isEmpty()) {
                findings.error(
                        "bad-value",
                        at(Option.TCP_SERVICE),
                        at + " (expected: a port, as the service is not persistent)");
            }
        }
        return findings.errors() == before
                ? Optional.of(new ServiceRule(address, scheduler, flags, persistent, engine, onePacket))
                : Optional.empty();
    }

    private String name(Option which, String otherwise) {
        Optional<Words.Given> option = option(which);
        String text = option.flatMap(Words.Given::value)
                .filter(name -> !name.isEmpty())
                .orElse(otherwise);
        if (!text.isEmpty() && !ServiceRule.isName(text)) {
            option.ifPresent(where -> values.bad(which, text, where.at(), "1..15 characters, no # first"));
        }
        return text;
    }

    private Optional<ServiceRule.Persistent> persistent(ServiceAddress address) {
        Optional<Words.Given> option = option(Option.PERSISTENT);
        Optional<Words.Given> netmask = option(Option.NETMASK);
        boolean ipv6 = address.family() == AddressFamily.INET6;
        Optional<Integer> mask = netmask.flatMap(where -> ipv6
                ? values.number(where, 1, ServiceRule.EVERY_IPV6_BIT).map(Long::intValue)
                : values.ipv4Mask(where));
        if (option.isEmpty()) {
            netmask.ifPresent(where -> findings.warning(
                    "ignored-option", where.at(), "-M: without -p it does nothing (expected: -p, or no -M)"));
            return Optional.empty();
        }
        Optional<Long> seconds = option.get().value().isEmpty()
                ? Optional.of(DEFAULT_PERSISTENCE)
                : values.number(option.get(), 1, MAX_PERSISTENCE);
        int otherwise = ipv6 ? ServiceRule.EVERY_IPV6_BIT : ServiceRule.EVERY_IPV4_BIT;
        return seconds.map(time -> new ServiceRule.Persistent(time, mask.orElse(otherwise)));
    }

    // ---------------------------------------------------------------- servers

    private Optional<OptionValues.Endpoint> endpoint(Optional<ServiceAddress> service) {
        Optional<Words.Given> option = option(Option.REAL_SERVER);
        if (option.isEmpty()) {
            missing("-r");
            return Optional.empty();
        }
        Protocol protocol = service.orElse(null) instanceof ServiceAddress.At at ? at.protocol() : Protocol.TCP;
        return values.endpoint(option.get(), protocol);
    }

    /** A server without a port has its service's; of a mark the packet's own, 0. */
    private static int port(OptionValues.Endpoint server, ServiceAddress service) {
        return server.port().orElse(service instanceof ServiceAddress.At at ? at.port() : 0);
    }

    private Optional<ServerRule> serverRule(Optional<ServiceAddress> service) {
        int before = findings.errors();
        Optional<OptionValues.Endpoint> server = endpoint(service);
        int weight = values.number(option(Option.WEIGHT), 0, Integer.MAX_VALUE, 1);
        int upper = values.number(option(Option.U_THRESHOLD), 0, Integer.MAX_VALUE, 0);
        int lower = values.number(option(Option.L_THRESHOLD), 0, Integer.MAX_VALUE, 0);
        if (findings.errors() == before && lower > upper) {
            values.bad(Option.L_THRESHOLD, String.valueOf(lower), at(Option.L_THRESHOLD), "0..-x, which is " + upper);
        }
        Forwarding forwarding = forwarding();
        Optional<ServerRule.Tunnel> tunnel = tunnel(forwarding);
        if (findings.errors() != before || service.isEmpty() || server.isEmpty()) {
            return Optional.empty();
        }
        requireFamily(service.get(), server.get(), forwarding);
        int port = port(server.get(), service.get());
        if (service.get() instanceof ServiceAddress.At at
                && forwarding != Forwarding.MASQUERADING
                && port != at.port()) {
            findings.warning(
                    "ignored-port",
                    at(Option.REAL_SERVER),
                    "-r: port " + port + " is taken for " + at.port()
                            + " (expected: the service's, only -m changes ports)");
            port = at.port();
        }
        return findings.errors() == before
                ? Optional.of(new ServerRule(server.get().address(), port, forwarding, weight, upper, lower, tunnel))
                : Optional.empty();
    }

    private void requireFamily(ServiceAddress service, OptionValues.Endpoint server, Forwarding forwarding) {
        AddressFamily family = AddressFamily.of(server.address());
        if (family != service.family() && forwarding != Forwarding.TUNNEL) {
            findings.error(
                    "bad-value",
                    at(Option.REAL_SERVER),
                    "-r: an address of " + family + " (expected: one of " + service.family()
                            + " as the service, others only with -i)");
        }
    }

    private Forwarding forwarding() {
        Option method = option(Option.GATEWAYING).map(Words.Given::option).orElse(Option.GATEWAYING);
        return switch (method) {
            case IPIP -> Forwarding.TUNNEL;
            case MASQUERADING -> Forwarding.MASQUERADING;
            default -> Forwarding.GATEWAYING;
        };
    }

    private Optional<ServerRule.Tunnel> tunnel(Forwarding forwarding) {
        Optional<Words.Given> type = option(Option.TUN_TYPE);
        Optional<Words.Given> port = option(Option.TUN_PORT);
        Optional<Words.Given> checksum = option(Option.TUN_NOCSUM);
        if (forwarding != Forwarding.TUNNEL) {
            for (Optional<Words.Given> option : List.of(type, port, checksum)) {
                option.ifPresent(where -> findings.error(
                        "conflicting-options",
                        where.at(),
                        where.option() + ": without a tunnel (expected: -i with it)"));
            }
            return Optional.empty();
        }
        Encapsulation encapsulation = switch (type.flatMap(Words.Given::value).orElse("ipip")) {
            case "ipip" -> Encapsulation.IPIP;
            case "gue" -> Encapsulation.GUE;
            case "gre" -> Encapsulation.GRE;
            default -> null;
        };
        if (encapsulation == null) {
            type.ifPresent(
                    where -> values.bad(where.option(), where.value().orElse(""), where.at(), "ipip, gue or gre"));
            return Optional.empty();
        }
        boolean gue = encapsulation == Encapsulation.GUE;
        if (gue && port.isEmpty()) {
            missing("--tun-port, which --tun-type gue wants");
            return Optional.empty();
        }
        if (!gue) {
            port.ifPresent(where -> notOfTunnel(where, "--tun-type gue"));
        }
        checksum.filter(where -> encapsulation == Encapsulation.IPIP || (where.option() == Option.TUN_REMCSUM && !gue))
                .ifPresent(where -> notOfTunnel(
                        where, where.option() == Option.TUN_REMCSUM ? "--tun-type gue" : "--tun-type gue or gre"));
        int tunnelPort = gue ? values.number(port, 1, 65535, 1) : 0;
        return Optional.of(new ServerRule.Tunnel(encapsulation, tunnelPort, checksum(checksum)));
    }

    private void notOfTunnel(Words.Given option, String expected) {
        findings.error(
                "conflicting-options",
                option.at(),
                option.option() + ": not of this tunnel (expected: it with " + expected + ")");
    }

    private static Checksum checksum(Optional<Words.Given> option) {
        Option which = option.map(Words.Given::option).orElse(Option.TUN_NOCSUM);
        return switch (which) {
            case TUN_CSUM -> Checksum.COMPUTE;
            case TUN_REMCSUM -> Checksum.REMOTE;
            default -> Checksum.NONE;
        };
    }

    private void missing(String what) {
        findings.error("missing-option", given.get(0).at(), command + ": incomplete (expected: also " + what + ")");
    }
}
