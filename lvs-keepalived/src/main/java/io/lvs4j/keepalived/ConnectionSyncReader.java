package io.lvs4j.keepalived;

import io.lvs4j.keepalived.syntax.Word;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/** Reads {@code lvs_sync_daemon INTERFACE [[inst] ROUTER [[id] ID]] [maxlen N] [port N] [ttl N] [group ADDRESS]}, as keepalived does. */
final class ConnectionSyncReader {
    private static final Value<String> INTERFACE = Value.text(15);
    private static final Map<String, Value<Integer>> NUMBERS = new TreeMap<>(Map.of(
            "id", Value.integer(0, 255),
            "maxlen", Value.integer(1, 65507),
            "port", Value.integer(1, 65535),
            "ttl", Value.integer(1, 255)));

    private final Arguments arguments;
    private final Map<String, Integer> numbers = new TreeMap<>();
    private Optional<String> router = Optional.empty();
    private Optional<InetAddress> group = Optional.empty();

    private ConnectionSyncReader(Arguments arguments) {
        this.arguments = arguments;
    }

    /** {@return what it says; what of it is wrong is told and left out} */
    static Optional<ConnectionSync> read(Arguments arguments) {
        return new ConnectionSyncReader(arguments).read();
    }

    private Optional<ConnectionSync> read() {
        Optional<String> networkInterface = arguments.value(0, INTERFACE);
        for (int i = 1; i < arguments.count(); i++) {
            i += option(i);
        }
        return networkInterface.map(name ->
                new ConnectionSync(name, router, number("id"), number("maxlen"), number("port"), number("ttl"), group));
    }

    /** Reads what begins at an argument; returns how many more it takes. */
    private int option(int index) {
        Word word = arguments.word(index);
        String name = word.text();
        boolean named = name.equals("inst") || name.equals("group") || NUMBERS.containsKey(name);
        if (named && index == arguments.count() - 1) {
            arguments.error("missing-value", index, name + " (expected: a value after it)");
            return 0;
        }
        if (name.equals("inst")) {
            router = router.or(() -> Optional.of(arguments.word(index + 1).text()));
            return 1;
        }
        if (name.equals("group")) {
            group(index + 1);
            return 1;
        }
        Value<Integer> value = NUMBERS.get(name);
        if (value != null) {
            arguments.value(index + 1, value).ifPresent(number -> numbers.put(name, number));
            return 1;
        }
        if (index == 1) {
            router = Optional.of(name); // the old way
        } else if (index == 2) {
            arguments.value(index, Value.integer(0, 255)).ifPresent(number -> numbers.put("id", number));
            arguments.error("deprecated", index, Reading.shown(name) + " (expected: id " + name + ")");
        } else {
            arguments.error(
                    "unknown-value",
                    index,
                    Reading.shown(name) + " (expected: inst, group or one of " + NUMBERS.keySet() + ")");
        }
        return 0;
    }

    private void group(int index) {
        Optional<InetAddress> address = arguments.value(index, Value.address());
        if (address.isPresent() && !address.get().isMulticastAddress()) {
            arguments.error(
                    "not-a-group",
                    index,
                    Reading.shown(arguments.word(index).text()) + " (expected: a multicast address)");
        } else {
            group = address;
        }
    }

    private OptionalInt number(String name) {
        Integer number = numbers.get(name);
        return number == null ? OptionalInt.empty() : OptionalInt.of(number);
    }
}
