package io.lvs4j.vrrp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.lvs4j.AddressFamily;
import io.lvs4j.netlink.route.InterfaceMonitor;
import io.lvs4j.netlink.socket.NetworkNamespace;
import io.lvs4j.netlink.socket.PacketSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * A third host sends wrong adverts, frame by frame, while a router is backup and while it is master beside keepalived: it stays what it is, and says why
 * it has dropped each. {@code -Dlvs.vrrp.hostile=100000} gives that many; a failure names its seed, {@code -Dlvs.vrrp.seed} repeats it.
 */
@Timeout(600) // many waits, each for as long as a busy machine needs
@Tag("size")
class HostilePacketsTest {
    private static final int PACKETS = Integer.getInteger("lvs.vrrp.hostile", 5_000);
    private static final long SEED = Long.getLong("lvs.vrrp.seed", new Random().nextLong());

    /** Fewer than what a socket's buffer holds: none is lost, so that all can be counted. */
    private static final int AT_ONCE = 100;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.lvs4j");
    private final Diary diary = new Diary();

    @BeforeAll
    static void onlyRoot() {
        assumeTrue("root".equals(System.getProperty("user.name")), "network namespaces are made by root");
    }

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void listenNoLonger() {
        logger.detachAppender(log);
    }

    static Stream<Arguments> dialects() {
        Candidate plain = Candidate.PLAIN.every(Duration.ofSeconds(1));
        return Stream.of(
                Arguments.of("version 3, IPv4", plain),
                Arguments.of("version 3, IPv6", plain.ipv6()),
                Arguments.of("version 2, password", plain.version2("secret12")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dialects")
    void whoSendsWrongAdvertsChangesNothing(String name, Candidate dialect) {
        Random random = new Random(SEED);
        Candidate ours = dialect.on(1, 100);
        try (Lan lan = new Lan(3);
                Witness witness = new Witness(lan, dialect);
                Attacker attacker = new Attacker(lan, ours, random);
                VrrpSpeaker speaker = VrrpSpeaker.builder()
                        .router(patient(ours.router()))
                        .namespace(lan.namespace(1))
                        .listener(diary)
                        .build()) {
            lan.acceptOwnAddresses(1);
            try (Contender above = Contender.keepalived(lan, dialect.on(2, 150))) {
                witness.await(Set.of(2), above);
                speaker.start();
                Diary.until(() -> speaker.snapshot().get(0).master().isPresent());
                attack(attacker, speaker, witness, dialect.on(2, 150));
                assertThat(diary.states(Candidate.NAME)).as("seed %d", SEED).containsExactly(RouterState.BACKUP);
                above.terminate();
            }
            Diary.until(() -> witness.holders().contains(1));
            try (Contender below = Contender.keepalived(lan, dialect.on(2, 50))) {
                below.awaitSays("Entering BACKUP STATE");
                attack(attacker, speaker, witness, ours);
                assertThat(diary.states(Candidate.NAME))
                        .as("seed %d", SEED)
                        .containsExactly(RouterState.BACKUP, RouterState.MASTER);
            }
        }
        assertThat(log.list)
                .filteredOn(each -> each.getLevel().isGreaterOrEqual(Level.WARN))
                .isEmpty();
    }

    /** Whatever the machine is busy with, and whatever wrong adverts do to keepalived, it is not on its silence that this takes over. */
    private static VirtualRouter patient(VirtualRouter router) {
        return router.toBuilder().downAfterAdverts(100).build();
    }

    /** Sends a sixth of all, and for longer than a master may be silent, so that its adverts have to be on time. */
    private static void attack(Attacker attacker, VrrpSpeaker speaker, Witness witness, Candidate master) {
        Map<Rejection, Long> before = speaker.snapshot().get(0).rejected();
        Map<Rejection, Long> expected = new EnumMap<>(Rejection.class);
        boolean held = witness.holders().contains(1);
        int adverts = witness.adverts(master).size();
        long sent = 0;
        while (sent < PACKETS / 6 || witness.adverts(master).size() < adverts + 5) {
            for (int i = 0; i < AT_ONCE; i++) {
                expected.merge(attacker.send(), 1L, Long::sum);
                sent++;
            }
            Diary.until(() -> counted(before, speaker).equals(expected));
        }
        List<Long> all = witness.adverts(master);
        List<Long> times = all.subList(adverts, all.size());
        long longest = IntStream.range(1, times.size())
                .mapToLong(i -> times.get(i) - times.get(i - 1))
                .max()
                .orElseThrow();
        System.out.println(sent + " packets, adverts of the master " + TimeUnit.NANOSECONDS.toMillis(longest)
                + " ms apart at the most, " + expected);
        Diary.until(() -> witness.holders().contains(1) == held);
        assertThat(expected).hasSizeGreaterThan(8);
    }

    private static Map<Rejection, Long> counted(Map<Rejection, Long> before, VrrpSpeaker speaker) {
        Map<Rejection, Long> counts = new EnumMap<>(Rejection.class);
        speaker.snapshot().get(0).rejected().forEach((reason, count) -> {
            long more = count - before.getOrDefault(reason, 0L);
            if (more > 0) {
                counts.put(reason, more);
            }
        });
        return counts;
    }

    /** Sends adverts that are right but for one thing, of any priority, with checksums that are right unless that is the thing. */
    private static final class Attacker implements AutoCloseable {
        private static final int IP_PROTOCOL = AdvertisementCodec.PROTOCOL;

        private final Candidate target;
        private final Random random;
        private final PacketSocket socket;
        private final int link;
        private final InetAddress victim;
        private final InetAddress self;
        private final InetAddress group;

        Attacker(Lan lan, Candidate target, Random random) {
            this.target = target;
            this.random = random;
            boolean ipv4 = target.family() == AddressFamily.INET;
            victim = Packets.address(ipv4 ? Lan.address(1) : "fe80::1");
            self = Packets.address(ipv4 ? Lan.address(3) : "fe80::3");
            group = Packets.address(ipv4 ? "224.0.0.18" : "ff02::12");
            try (InterfaceMonitor monitor = InterfaceMonitor.open(lan.namespace(3))) {
                link = monitor.link("eth0").orElseThrow().index();
            }
            socket = NetworkNamespace.in(Optional.of(lan.namespace(3)), () -> PacketSocket.open());
        }

        /** Sends one; returns for what it is to be dropped. */
        Rejection send() {
            List<Rejection> reasons = target.version() == VrrpVersion.V2
                    ? List.of(
                            Rejection.LENGTH,
                            Rejection.VIRTUAL_ROUTER_ID,
                            Rejection.OWN_SOURCE,
                            Rejection.DESTINATION,
                            Rejection.TTL,
                            Rejection.VERSION,
                            Rejection.TYPE,
                            Rejection.CHECKSUM,
                            Rejection.INTERVAL,
                            Rejection.ADDRESSES,
                            Rejection.AUTHENTICATION_TYPE,
                            Rejection.PASSWORD)
                    : List.of(
                            Rejection.LENGTH,
                            Rejection.VIRTUAL_ROUTER_ID,
                            Rejection.OWN_SOURCE,
                            Rejection.DESTINATION,
                            Rejection.TTL,
                            Rejection.VERSION,
                            Rejection.TYPE,
                            Rejection.CHECKSUM,
                            Rejection.INTERVAL,
                            Rejection.ADDRESSES);
            Rejection reason = reasons.get(random.nextInt(reasons.size()));
            InetAddress source = reason == Rejection.OWN_SOURCE ? victim : self;
            InetAddress destination = reason == Rejection.DESTINATION ? victim : group;
            int ttl = reason == Rejection.TTL ? 1 + random.nextInt(254) : 255;
            byte[] message = message(reason, source, destination);
            socket.send(frame(source, destination, ttl, message), link);
            return reason;
        }

        private byte[] message(Rejection reason, InetAddress source, InetAddress destination) {
            int[] priorities = {0, 1, 99, 100, 101, 150, 254, 255};
            // What is wrong for the router alone, or in keepalived's eyes not at all, is not to move keepalived.
            boolean mild = reason == Rejection.OWN_SOURCE || reason == Rejection.INTERVAL;
            int priority = mild ? 1 : priorities[random.nextInt(priorities.length)];
            Advertisement advert = Advertisement.of(target.router(), priority);
            byte[] message = AdvertisementCodec.encode(advert, Checksum.PSEUDO_HEADER, source, destination);
            boolean v2 = target.version() == VrrpVersion.V2;
            switch (reason) {
                case LENGTH -> {
                    if (random.nextBoolean()) {
                        message[3] += (byte) (1 + random.nextInt(254));
                    } else {
                        int other = random.nextInt(message.length + 40);
                        message = Arrays.copyOf(message, other == message.length ? 7 : other);
                    }
                }
                case VIRTUAL_ROUTER_ID -> message[1] += (byte) (1 + random.nextInt(255));
                case VERSION -> message[0] += (byte) ((1 + random.nextInt(15)) << 4);
                case TYPE -> message[0] = (byte) ((message[0] & 0xf0) | ((1 + 1 + random.nextInt(15)) % 16));
                case INTERVAL -> {
                    if (v2) {
                        message[5] += (byte) (1 + random.nextInt(255));
                    } else {
                        message[4] = (byte) (random.nextInt(16) << 4);
                        message[5] = 0;
                    }
                }
                case AUTHENTICATION_TYPE -> message[4] += (byte) (1 + random.nextInt(255));
                case PASSWORD -> message[message.length - 1 - random.nextInt(8)] += (byte) (1 + random.nextInt(255));
                case ADDRESSES -> message[8 + random.nextInt(4)] += (byte) (1 + random.nextInt(255));
                default -> {
                    // the envelope is wrong
                }
            }
            return reason == Rejection.CHECKSUM
                    ? spoiled(message, source, destination)
                    : repaired(message, source, destination);
        }

        private byte[] repaired(byte[] message, InetAddress source, InetAddress destination) {
            if (message.length >= 8) {
                message[6] = 0;
                message[7] = 0;
                Checksum habit = AdvertisementCodec.habit(target.version(), target.family(), Checksum.PSEUDO_HEADER);
                ByteBuffer.wrap(message).putShort(6, (short) habit.of(message, source, destination));
            }
            return message;
        }

        /** By no habit is it right. */
        private byte[] spoiled(byte[] message, InetAddress source, InetAddress destination) {
            do {
                message[6 + random.nextInt(2)] ^= (byte) (1 << random.nextInt(8));
            } while (Stream.of(Checksum.values()).anyMatch(each -> each.of(message, source, destination) == 0));
            return message;
        }

        private static byte[] frame(InetAddress source, InetAddress destination, int ttl, byte[] message) {
            boolean ipv4 = source.getAddress().length == 4;
            ByteBuffer out = ByteBuffer.allocate(14 + (ipv4 ? 20 : 40) + message.length);
            out.put(destination.isMulticastAddress() ? groupMac(destination.getAddress()) : everybody());
            out.put(new byte[] {2, 0, 0, 0, 0, 0x66}).putShort((short) (ipv4 ? 0x0800 : 0x86dd));
            if (ipv4) {
                int begin = out.position();
                out.put((byte) 0x45).put((byte) 0xc0).putShort((short) (20 + message.length));
                out.putInt(0).put((byte) ttl).put((byte) IP_PROTOCOL).putShort((short) 0);
                out.put(source.getAddress()).put(destination.getAddress());
                byte[] header = Arrays.copyOfRange(out.array(), begin, begin + 20);
                out.putShort(begin + 10, (short) Checksum.PLAIN.of(header, source, destination));
            } else {
                out.putInt(0x6c00_0000)
                        .putShort((short) message.length)
                        .put((byte) IP_PROTOCOL)
                        .put((byte) ttl);
                out.put(source.getAddress()).put(destination.getAddress());
            }
            return out.put(message).array();
        }

        private static byte[] everybody() {
            return new byte[] {-1, -1, -1, -1, -1, -1};
        }

        private static byte[] groupMac(byte[] group) {
            return group.length == 4
                    ? new byte[] {1, 0, 0x5e, (byte) (group[1] & 0x7f), group[2], group[3]}
                    : new byte[] {0x33, 0x33, group[12], group[13], group[14], group[15]};
        }

        @Override
        public void close() {
            socket.close();
        }
    }
}
