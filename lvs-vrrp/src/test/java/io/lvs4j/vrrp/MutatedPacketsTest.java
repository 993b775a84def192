package io.lvs4j.vrrp;

import static io.lvs4j.vrrp.Packets.address;
import static io.lvs4j.vrrp.Packets.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Packets of keepalived with bytes changed, cut off and added, half of them with a checksum made right again. What becomes of each is what an oracle
 * says that reads the packet from its first byte to its last.
 * {@code -Dlvs.vrrp.packets=1000000} gives that many; a failure names its seed, {@code -Dlvs.vrrp.seed} repeats it.
 */
class MutatedPacketsTest {
    private static final int PACKETS = Integer.getInteger("lvs.vrrp.packets", 50_000);
    private static final long SEED = Long.getLong("lvs.vrrp.seed", new Random().nextLong());
    private static final InetAddress US = address("192.0.2.2");
    private static final InetAddress MASTER = address("192.0.2.9");

    /** A router and a packet that it understands. */
    record Case(VirtualRouter router, String packet) {
        static Case of(VirtualRouterBuilder builder, String packet) {
            return new Case(builder.name("r").networkInterface("eth0").build(), packet);
        }
    }

    static final List<Case> CASES = List.of(
            Case.of(
                    VirtualRouter.builder()
                            .virtualRouterId(51)
                            .address("192.0.2.100/24")
                            .authentication(new Authentication(Authentication.Type.PASS, "secret12")),
                    Packets.V2_PASSWORD),
            Case.of(
                    VirtualRouter.builder()
                            .virtualRouterId(52)
                            .advertisementInterval(Duration.ofSeconds(2))
                            .address("192.0.2.101/24")
                            .address("192.0.2.102/24")
                            .address("192.0.2.103/24"),
                    Packets.V2_PLAIN),
            Case.of(
                    VirtualRouter.builder()
                            .version(VrrpVersion.V3)
                            .virtualRouterId(54)
                            .address("192.0.2.105/24")
                            .address("192.0.2.106/24"),
                    Packets.V3),
            Case.of(
                    VirtualRouter.builder()
                            .version(VrrpVersion.V3)
                            .virtualRouterId(55)
                            .transport(Transport.unicast(US, address("192.0.2.1")))
                            .address("192.0.2.107/24"),
                    Packets.V3_UNICAST));

    @Test
    void whatIsWrongIsCountedAsThatAndChangesNothing() {
        Random random = new Random(SEED);
        for (Case each : CASES) {
            mutate(each, PACKETS / CASES.size(), random);
        }
    }

    private static void mutate(Case its, int packets, Random random) {
        AdvertisementReceiver receiver = new AdvertisementReceiver(its.router(), US);
        Map<Rejection, Long> counts = new EnumMap<>(Rejection.class);
        long good = 0;
        for (int i = 0; i < packets; i++) {
            byte[] packet = mutated(bytes(its.packet()), random);
            Optional<Rejection> expected = Oracle.verdict(packet, its.router());

            Optional<AdvertisementReceiver.Heard> heard =
                    receiver.receiveIpv4(packet, packet.length, Optional.of(MASTER));

            assertThat(heard.isPresent())
                    .as("%s of seed %d: %s", HexFormat.of().formatHex(packet), SEED, expected)
                    .isEqualTo(expected.isEmpty());
            expected.ifPresent(reason -> counts.merge(reason, 1L, Long::sum));
            good += expected.isEmpty() ? 1 : 0;
        }
        for (Rejection reason : Rejection.values()) {
            assertThat(receiver.rejected(reason))
                    .as("%s of seed %d", reason, SEED)
                    .isEqualTo(counts.getOrDefault(reason, 0L));
        }
        assertThat(receiver.accepted()).isEqualTo(good).isPositive();
        assertThat(counts).hasSizeGreaterThan(8);
    }

    @Test
    void ofIpv6NothingIsLetThroughThatIsNotWhatItShouldBe() {
        Random random = new Random(SEED);
        VirtualRouter router = Case.of(
                        VirtualRouter.builder()
                                .version(VrrpVersion.V3)
                                .virtualRouterId(57)
                                .address("fe80::5/128")
                                .address("2001:db8::5/64"),
                        "")
                .router();
        AdvertisementReceiver receiver = new AdvertisementReceiver(router, address("fe80::1"));
        InetAddress source = address(Packets.V3_IPV6_SOURCE);
        InetAddress group = address("ff02::12");
        String tail = Packets.V3_IPV6.substring(16);
        String swapped = tail.substring(32) + tail.substring(0, 32);
        int packets = PACKETS / 5;
        int good = 0;
        for (int i = 0; i < packets; i++) {
            byte[] message = mutatedIpv6(random, source, group);
            int ttl = random.nextInt(10) == 0 ? random.nextInt(256) : 255;
            String hex = HexFormat.of().formatHex(message);
            boolean expected = message.length == 40
                    && ttl == 255
                    && hex.startsWith("3139")
                    && hex.startsWith("02", 6)
                    && !hex.startsWith("000", 9)
                    && (hex.endsWith(tail) || hex.endsWith(swapped))
                    && sumIpv6(message, source, group) == 0xffff;

            assertThat(receiver.receive(new Datagram(source, group, ttl, message), Optional.empty()))
                    .as("%s, ttl %d of seed %d", hex, ttl, SEED)
                    .matches(heard -> heard.isPresent() == expected);
            good += expected ? 1 : 0;
        }
        long rejected =
                Arrays.stream(Rejection.values()).mapToLong(receiver::rejected).sum();
        assertThat(receiver.accepted()).isEqualTo(good).isPositive();
        assertThat(rejected).isEqualTo(packets - good);
    }

    private static byte[] mutatedIpv6(Random random, InetAddress source, InetAddress group) {
        byte[] message = bytes(Packets.V3_IPV6);
        for (int changes = random.nextInt(3); changes > 0; changes--) {
            message = changed(message, random);
        }
        if (random.nextBoolean() && message.length >= 8) {
            message[6] = 0;
            message[7] = 0;
            int sum = ~sumIpv6(message, source, group);
            message[6] = (byte) (sum >>> 8);
            message[7] = (byte) sum;
        }
        return message;
    }

    private static int sumIpv6(byte[] message, InetAddress source, InetAddress group) {
        byte[] all = Arrays.copyOf(message, message.length + 32);
        System.arraycopy(source.getAddress(), 0, all, message.length, 16);
        System.arraycopy(group.getAddress(), 0, all, message.length + 16, 16);
        return Oracle.around(Oracle.around(Oracle.sum(all, 0, 0) + 112) + message.length);
    }

    private static byte[] mutated(byte[] packet, Random random) {
        byte[] bytes = packet;
        for (int changes = random.nextInt(4); changes > 0; changes--) {
            bytes = changed(bytes, random);
        }
        if (random.nextBoolean() && bytes.length >= 28) {
            if (random.nextBoolean()) {
                bytes[2] = (byte) (bytes.length >>> 8);
                bytes[3] = (byte) bytes.length;
            }
            repair(bytes, random.nextInt(3));
        }
        return bytes;
    }

    private static byte[] changed(byte[] bytes, Random random) {
        int at = random.nextInt(Math.max(1, bytes.length));
        if (bytes.length == 0 || random.nextInt(16) == 0) {
            return Arrays.copyOf(bytes, random.nextInt(bytes.length + 12));
        }
        byte[] copy = bytes.clone();
        copy[at] = (byte)
                switch (random.nextInt(4)) {
                    case 0 -> copy[at] ^ 1 << random.nextInt(8);
                    case 1 -> random.nextInt(4);
                    case 2 -> -1;
                    default -> random.nextInt(256);
                };
        return copy;
    }

    /** Makes the checksum right, so that what comes after it is looked at. */
    private static void repair(byte[] bytes, int habit) {
        bytes[26] = 0;
        bytes[27] = 0;
        int sum = Oracle.sum(bytes, 20, habit);
        bytes[26] = (byte) (~sum >>> 8);
        bytes[27] = (byte) ~sum;
    }

    /** The rules once more, field by field on the packet's bytes. */
    private static final class Oracle {
        static Optional<Rejection> verdict(byte[] p, VirtualRouter router) {
            return Optional.ofNullable(reason(p, router));
        }

        private static Rejection reason(byte[] p, VirtualRouter router) {
            if (p.length < 20 || u8(p, 0) / 16 != 4 || u8(p, 0) % 16 < 5 || u8(p, 0) % 16 * 4 > p.length) {
                return Rejection.IP_HEADER;
            }
            if (u16(p, 2) != p.length || u8(p, 9) != 112) {
                return Rejection.IP_HEADER;
            }
            int at = u8(p, 0) % 16 * 4;
            if (p.length - at < 8) {
                return Rejection.LENGTH;
            }
            if (u8(p, at + 1) != router.virtualRouterId()) {
                return Rejection.VIRTUAL_ROUTER_ID;
            }
            if (HexFormat.of().formatHex(p, 12, 16).equals("c0000202")) {
                return Rejection.OWN_SOURCE;
            }
            boolean unicast = !router.transport().peers().isEmpty();
            boolean toGroup = u8(p, 16) >= 224 && u8(p, 16) < 240;
            if (unicast == toGroup) {
                return Rejection.DESTINATION;
            }
            if (!unicast && u8(p, 8) != 255) {
                return Rejection.TTL;
            }
            return message(p, at, router, unicast);
        }

        private static Rejection message(byte[] p, int at, VirtualRouter router, boolean unicast) {
            boolean v2 = router.version() == VrrpVersion.V2;
            if (u8(p, at) / 16 != (v2 ? 2 : 3)) {
                return Rejection.VERSION;
            }
            if (u8(p, at) % 16 != 1) {
                return Rejection.TYPE;
            }
            int count = u8(p, at + 3);
            if (p.length != at + 8 + 4 * count + (v2 ? 8 : 0)) {
                return Rejection.LENGTH;
            }
            if (count == 0) {
                return Rejection.ADDRESSES;
            }
            boolean right = sum(p, at, 0) == 0xffff;
            if (!v2) {
                right |= sum(p, at, 1) == 0xffff || (unicast && sum(p, at, 2) == 0xffff);
            }
            if (!right) {
                return Rejection.CHECKSUM;
            }
            int interval = v2 ? u8(p, at + 5) : u16(p, at + 4) % 4096;
            if (interval == 0) {
                return Rejection.INTERVAL;
            }
            if (v2) {
                if (u8(p, at + 4) != (router.authentication().isPresent() ? 1 : 0)) {
                    return Rejection.AUTHENTICATION_TYPE;
                }
                String password = new String(p, p.length - 8, 8, java.nio.charset.StandardCharsets.ISO_8859_1);
                if (router.authentication().isPresent() && !password.equals("secret12")) {
                    return Rejection.PASSWORD;
                }
                if (interval != router.advertisementInterval().toSeconds()) {
                    return Rejection.INTERVAL;
                }
            }
            if (count != router.addresses().size()) {
                return Rejection.ADDRESSES;
            }
            for (VirtualAddress wanted : router.addresses()) {
                boolean there = false;
                for (int i = 0; i < count; i++) {
                    there |= Arrays.equals(
                            Arrays.copyOfRange(p, at + 8 + 4 * i, at + 12 + 4 * i),
                            wanted.address().getAddress());
                }
                if (!there) {
                    return Rejection.ADDRESSES;
                }
            }
            return null;
        }

        /** Ones' complement, with the carry brought around at each step. 0: message, 1: and addresses, 2: and source and the group. */
        static int sum(byte[] p, int at, int habit) {
            int sum = 0;
            for (int i = at; i + 1 < p.length; i += 2) {
                sum = around(sum + u16(p, i));
            }
            if (habit > 0) {
                sum = around(sum + u16(p, 12));
                sum = around(sum + u16(p, 14));
                sum = around(sum + (habit == 1 ? u16(p, 16) : 0xe000));
                sum = around(sum + (habit == 1 ? u16(p, 18) : 0x0012));
                sum = around(sum + 112);
                sum = around(sum + p.length - at);
            }
            return sum;
        }

        private static int around(int sum) {
            return sum > 0xffff ? sum - 0xffff : sum;
        }

        private static int u8(byte[] p, int at) {
            return p[at] & 0xff;
        }

        private static int u16(byte[] p, int at) {
            return u8(p, at) * 256 + u8(p, at + 1);
        }
    }
}
