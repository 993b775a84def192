package io.lvs4j.netlink;

import io.lvs4j.AddressFamily;
import io.lvs4j.ConnectionEntry;
import io.lvs4j.netlink.socket.NetworkNamespace;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Consumer;

/** The kernel's list of connections and persistence templates, {@code /proc/net/ip_vs_conn}. */
final class ConnectionFile {
    private static final Path FILE = Path.of("/proc/thread-self/net/ip_vs_conn");
    private static final int FIELDS = 9;
    private static final int MAX_LINE = 1024;

    private ConnectionFile() {}

    /** Gives out what is listed in a network namespace, one after the other: there may be millions. */
    static void read(Optional<String> namespace, Consumer<ConnectionEntry> to) {
        NetworkNamespace.in(namespace, () -> {
            readHere(to);
            return true;
        });
    }

    private static void readHere(Consumer<ConnectionEntry> to) {
        try (Reader file = Files.newBufferedReader(FILE, StandardCharsets.US_ASCII)) {
            parse(file, to);
        } catch (NoSuchFileException e) {
            throw new IpvsException("read", "connections", 0, "no " + FILE + ": is ip_vs loaded?", e);
        } catch (IOException e) {
            throw new IpvsException("read", "connections", 0, String.valueOf(e.getMessage()), e);
        }
    }

    /** Reads a line of headings, then a connection a line, numbers in hexadecimal. */
    static void parse(Reader text, Consumer<ConnectionEntry> to) throws IOException {
        Reader in = new BufferedReader(text);
        Optional<String> headings = line(in);
        Optional<String> line = headings.isPresent() ? line(in) : headings;
        while (line.isPresent()) {
            to.accept(parse(line.get()));
            line = line(in);
        }
    }

    /** Reads a line, which may be the last one without an end; empty after that. */
    private static Optional<String> line(Reader in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                return line.isEmpty() ? Optional.empty() : Optional.of(line.toString());
            }
            if (line.length() == MAX_LINE) {
                throw new IpvsException(
                        "read",
                        "connections",
                        0,
                        "'" + line + "...' (expected: at most " + MAX_LINE + " characters)",
                        null);
            }
            line.append((char) next);
        }
        return Optional.of(line.toString());
    }

    private static ConnectionEntry parse(String line) {
        String[] fields = line.trim().split("\\s+", FIELDS + 1);
        if (fields.length < FIELDS) {
            throw new IpvsException(
                    "read", "connections", 0, "'" + line + "' (expected: at least " + FIELDS + " fields)", null);
        }
        try {
            return new ConnectionEntry(
                    fields[0],
                    address(fields[1], fields[2]),
                    address(fields[3], fields[4]),
                    address(fields[5], fields[6]),
                    fields[7],
                    Duration.ofSeconds(Long.parseLong(fields[8])));
        } catch (IllegalArgumentException e) {
            throw new IpvsException("read", "connections", 0, "'" + line + "': " + e.getMessage(), e);
        }
    }

    private static InetSocketAddress address(String address, String port) {
        boolean ipv6 = address.contains(":");
        byte[] bytes = HexFormat.of().parseHex(address.replace(":", ""));
        if (bytes.length != (ipv6 ? Addresses.BYTES : 4)) {
            throw new IllegalArgumentException(address + " (expected: an address)");
        }
        return new InetSocketAddress(
                Addresses.decode(ipv6 ? AddressFamily.INET6 : AddressFamily.INET, bytes), Integer.parseInt(port, 16));
    }
}
