package io.lvs4j.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** A long table written and read by this and by ipvsadm, in one run on one kernel; not where computing is emulated. */
@EnabledIfSystemProperty(named = "os.version", matches = "6\\.1\\..*")
@Isolated // it clears tables that others may be using
class SpeedKernelTest {
    private static final int SERVICES = 1000;
    private static final int SERVERS = 10;
    private static final int ENTRIES = SERVICES * (1 + SERVERS);

    /** The best of them counts: a host may stand still in one. */
    private static final int ROUNDS = 2;

    private final TappedChannel channel = new TappedChannel();
    private final Ipvs ipvs = Ipvs.open(() -> channel, Optional.empty());

    @BeforeEach
    void flush() {
        ipvs.flush();
    }

    @AfterEach
    void close() {
        ipvs.flush();
        ipvs.close();
    }

    @Test
    @Timeout(600)
    void aTableIsWrittenInHalfTheTimeAndReadInNoMore(@TempDir Path directory) throws Exception {
        List<IpvsChange> table = table();
        ipvs.apply(table); // the first time code is loaded and compiled
        assertThat(list()).isEqualTo(ENTRIES);
        Path saved = directory.resolve("saved");
        shell("ipvsadm -Sn > " + saved);
        assertThat(Files.readAllLines(saved)).hasSize(ENTRIES);

        long written = Long.MAX_VALUE;
        long read = Long.MAX_VALUE;
        long ipvsadmWritten = Long.MAX_VALUE;
        long ipvsadmRead = Long.MAX_VALUE;
        int writeCalls = 0;
        int readCalls = 0;
        for (int round = 0; round < ROUNDS; round++) {
            ipvs.flush();
            int calls = channel.sent() + channel.received();
            written = Math.min(written, nanos(() -> ipvs.apply(table)));
            writeCalls = channel.sent() + channel.received() - calls;
            read = Math.min(read, nanos(this::list));
            readCalls = channel.sent() + channel.received() - calls - writeCalls;
            ipvsadmRead = Math.min(ipvsadmRead, nanos(() -> shell("ipvsadm -Ln > " + directory.resolve("list"))));
            ipvs.flush();
            ipvsadmWritten = Math.min(ipvsadmWritten, nanos(() -> shell("ipvsadm -R < " + saved)));
            assertThat(list()).isEqualTo(ENTRIES);
        }

        System.out.printf(
                "%d entries: write %d ms, ipvsadm -R %d ms, ratio %.3f, %.4f calls per entry;"
                        + " read %d ms, ipvsadm -Ln %d ms, ratio %.3f, %.4f calls per entry%n",
                ENTRIES,
                written / 1_000_000,
                ipvsadmWritten / 1_000_000,
                (double) written / ipvsadmWritten,
                (double) writeCalls / ENTRIES,
                read / 1_000_000,
                ipvsadmRead / 1_000_000,
                (double) read / ipvsadmRead,
                (double) readCalls / ENTRIES);
        assertThat(2 * written).isLessThan(ipvsadmWritten);
        assertThat(read).isLessThan(2 * ipvsadmRead);
    }

    private int list() {
        int entries = 0;
        for (IpvsServiceEntry service : ipvs.services()) {
            entries += 1 + ipvs.destinations(service.service().key()).size();
        }
        return entries;
    }

    private static List<IpvsChange> table() {
        List<IpvsChange> table = new ArrayList<>();
        for (int i = 0; i < SERVICES; i++) {
            IpvsServiceKey key = TestEntries.tcp("10.0." + i / 250 + "." + (1 + i % 250), 80);
            table.add(new IpvsChange.AddService(IpvsService.of(key, "wlc")));
            for (int server = 1; server <= SERVERS; server++) {
                table.add(new IpvsChange.AddDestination(
                        key, IpvsDestination.masquerade(TestEntries.ip("10.1.0." + server), 8080, server)));
            }
        }
        return table;
    }

    private static void shell(String command) throws Exception {
        Command.run("sh", "-c", command);
    }

    private interface Step {
        void run() throws Exception;
    }

    private static long nanos(Step step) throws Exception {
        long start = System.nanoTime();
        step.run();
        return System.nanoTime() - start;
    }
}
