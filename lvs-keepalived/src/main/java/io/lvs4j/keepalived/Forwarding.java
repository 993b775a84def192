package io.lvs4j.keepalived;

import io.lvs4j.ForwardingMethod;
import io.lvs4j.ForwardingMethod.Encapsulation;
import java.util.Map;
import java.util.Optional;

/** The value of {@code lvs_method} and its relatives: NAT, DR, or TUN with {@code type}, {@code port} and checksum. */
final class Forwarding {
    private static final Value<String> METHOD = Value.oneOf("NAT", "DR", "TUN");
    private static final Value<Encapsulation> TYPE =
            Value.oneOf(Map.of("ipip", Encapsulation.IPIP, "gue", Encapsulation.GUE, "gre", Encapsulation.GRE));

    private Forwarding() {}

    /** {@return the method; empty = there is none, which has been told} */
    static Optional<ForwardingMethod> read(Arguments arguments) {
        Optional<String> method = arguments.value(0, METHOD);
        Optional<Encapsulation> type = Optional.of(Encapsulation.IPIP);
        Optional<Integer> port = Optional.of(0);
        String sum = "nocsum";
        for (int i = 1; i < arguments.count(); i++) {
            String option = arguments.word(i).text();
            switch (option) {
                case "type", "port" -> {
                    if (i + 1 == arguments.count()) {
                        arguments.error("missing-value", i, option + " without a value (expected: one)");
                        return Optional.empty();
                    }
                    i++;
                    if (option.equals("type")) {
                        type = arguments.value(i, TYPE);
                    } else {
                        port = arguments.value(i, Value.port());
                    }
                }
                case "nocsum", "csum", "remcsum" -> sum = option;
                default -> {
                    arguments.error(
                            "unknown-value",
                            i,
                            Reading.shown(option) + " (expected: type, port, nocsum, csum or remcsum)");
                    return Optional.empty();
                }
            }
        }
        if (method.isEmpty() || type.isEmpty() || port.isEmpty()) {
            return Optional.empty();
        }
        return checked(arguments, method.get(), type.get(), port.get(), sum);
    }

    private static Optional<ForwardingMethod> checked(
            Arguments arguments, String method, Encapsulation type, int port, String sum) {
        boolean gue = type == Encapsulation.GUE;
        if (gue != (port != 0)) {
            arguments.error("contradiction", 0, "type gue and a port (expected: both or neither)");
            return Optional.empty();
        }
        boolean impossible = type == Encapsulation.IPIP ? !sum.equals("nocsum") : !gue && sum.equals("remcsum");
        if (impossible) {
            arguments.error("contradiction", 0, sum + " (expected: none, tunnels of this type have no such checksum)");
            return Optional.empty();
        }
        if (gue || !sum.equals("nocsum")) {
            arguments
                    .reading()
                    .notCarriedOut(
                            arguments.keyword() + " port",
                            arguments.at(),
                            arguments.keyword() + ": a tunnel's port and checksum are the backend's");
        }
        return Optional.of(
                switch (method) {
                    case "NAT" -> ForwardingMethod.masquerade();
                    case "DR" -> ForwardingMethod.directRouting();
                    default -> ForwardingMethod.tunnel(type);
                });
    }
}
