package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lvs4j.ProxyProtocol.Version;
import io.lvs4j.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is a PROXY header, what is not, and what it says. */
class ProxyHeaderTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
    private static final String IPV4 = "c0000201" + "c6336402" + "d431" + "01bb"; // 192.0.2.1:54321 to 198.51.100.2:443

    private static ByteBuf bytes(byte[] bytes) {
        return Unpooled.wrappedBuffer(bytes);
    }

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }

    private static ByteBuf v2(int command, int family, String rest) {
        return bytes(HEX.parseHex(SIGNATURE
                + HEX.toHexDigits((byte) command)
                + HEX.toHexDigits((byte) family)
                + HEX.toHexDigits((short) (rest.length() / 2))
                + rest));
    }

    private static Refusal refusal(ByteBuf in) {
        return catchThrowableOfType(BadOpeningException.class, () -> ProxyHeaderDecoder.decode(in))
                .reason();
    }

    private static ByteBuf encoded(Version version, ProxyHeader.Endpoints endpoints, ByteBuffer tlvs) {
        ByteBuf out = Unpooled.buffer();
        ProxyHeaderEncoder.encode(version, endpoints.source(), endpoints.destination(), tlvs, out);
        return out;
    }

    private static InetSocketAddress at(String address, int port) {
        return new InetSocketAddress(address, port);
    }

    // ---------------------------------------------------------------- properties

    @Property
    void whatIsWrittenIsReadAndNothingBehindIt(
            @ForAll Version version,
            @ForAll("endpoints") ProxyHeader.Endpoints endpoints,
            @ForAll("tlvs") byte[] tlvs,
            @ForAll byte[] data)
            throws Exception {
        ByteBuffer extra = ByteBuffer.wrap(version == Version.V1 ? new byte[0] : tlvs);
        ByteBuf in = encoded(version, endpoints, extra);
        int length = in.readableBytes();
        in.writeBytes(data);

        assertThat(ProxyHeaderDecoder.decode(in))
                .isEqualTo(ProxyHeader.of(endpoints.source(), endpoints.destination())
                        .withTlvs(extra));
        assertThat(in.readerIndex()).isEqualTo(length);
    }

    @Property
    void ofAPartOfAHeaderMoreIsWanted(
            @ForAll Version version,
            @ForAll("endpoints") ProxyHeader.Endpoints endpoints,
            @ForAll("tlvs") byte[] tlvs,
            @ForAll @IntRange(max = 1 << 20) int cut)
            throws Exception {
        ByteBuf whole = encoded(version, endpoints, ByteBuffer.wrap(tlvs));
        ByteBuf part = whole.slice(0, cut % whole.readableBytes());

        assertThat(ProxyHeaderDecoder.decode(part)).isNull();
        assertThat(part.readerIndex()).isZero();
    }

    @Property(tries = 20_000)
    void anyBytesAreAHeaderOrTooFewOrRefused(@ForAll("hostile") byte[] bytes) {
        ByteBuf in = bytes(bytes);
        try {
            if (ProxyHeaderDecoder.decode(in) == null) {
                assertThat(bytes.length).isLessThan(ProxyHeader.V2_FIXED_BYTES + ProxyHeader.MAX_V2_REST_BYTES);
                assertThat(in.readerIndex()).isZero();
            } else {
                assertThat(in.readerIndex()).isPositive();
            }
        } catch (BadOpeningException e) {
            assertThat(e.reason()).isNotNull();
        }
    }

    @Provide
    Arbitrary<ProxyHeader.Endpoints> endpoints() {
        Arbitrary<Integer> ports = Arbitraries.integers().between(0, 65535);
        return Arbitraries.of(4, 16).flatMap(length -> {
            Arbitrary<InetAddress> addresses =
                    Arbitraries.bytes().array(byte[].class).ofSize(length).map(ProxyHeaderTest::address);
            Arbitrary<InetSocketAddress> sockets =
                    Combinators.combine(addresses, ports).as(InetSocketAddress::new);
            return Combinators.combine(sockets, sockets).as(ProxyHeader.Endpoints::new);
        });
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Well-formed, without checksum. */
    @Provide
    Arbitrary<byte[]> tlvs() {
        Arbitrary<Integer> types = Arbitraries.integers().between(0, 255).filter(type -> type != 0x03 && type != 0x20);
        Arbitrary<byte[]> values = Arbitraries.bytes().array(byte[].class).ofMaxSize(300);
        return Combinators.combine(types, values)
                .as(ProxyHeaderTest::tlv)
                .list()
                .ofMaxSize(8)
                .map(ProxyHeaderTest::joined);
    }

    private static byte[] tlv(int type, byte[] value) {
        return ByteBuffer.allocate(3 + value.length)
                .put((byte) type)
                .putShort((short) value.length)
                .put(value)
                .array();
    }

    private static byte[] joined(List<byte[]> parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        parts.forEach(all::writeBytes);
        return all.toByteArray();
    }

    /** Good headers with a few bytes changed, good beginnings with anything after them, and anything. */
    @Provide
    Arbitrary<byte[]> hostile() {
        Arbitrary<byte[]> anything = Arbitraries.bytes().array(byte[].class).ofMaxSize(5000);
        Arbitrary<byte[]> good = Combinators.combine(Arbitraries.of(Version.class), endpoints(), tlvs())
                .as((version, endpoints, tlvs) -> {
                    ByteBuf out = encoded(version, endpoints, ByteBuffer.wrap(tlvs));
                    return Arrays.copyOf(out.array(), out.readableBytes());
                });
        Arbitrary<byte[]> changed = Combinators.combine(
                        good, Arbitraries.integers().between(0, 119), Arbitraries.bytes())
                .as((bytes, at, value) -> {
                    byte[] copy = bytes.clone();
                    copy[at % copy.length] = value;
                    return copy;
                });
        Arbitrary<byte[]> begun = Combinators.combine(
                        Arbitraries.of("50524f585920", "50524f58592054435034", SIGNATURE + "2111", SIGNATURE + "2121"),
                        anything)
                .as((start, rest) -> joined(List.of(HEX.parseHex(start), rest)));
        return Arbitraries.oneOf(anything, changed, begun);
    }

    // ---------------------------------------------------------------- version 1

    @Test
    void aLineNamesBothEnds() throws Exception {
        ByteBuf in = text("PROXY TCP4 192.0.2.1 198.51.100.2 54321 443\r\nGET /");
        assertThat(ProxyHeaderDecoder.decode(in))
                .isEqualTo(ProxyHeader.of(at("192.0.2.1", 54321), at("198.51.100.2", 443)));
        assertThat(in.toString(StandardCharsets.US_ASCII)).isEqualTo("GET /");
        assertThat(ProxyHeaderDecoder.decode(text("PROXY TCP6 2001:db8::1 2001:DB8:0:0:0:0:0:2 0 65535\r\n")))
                .isEqualTo(ProxyHeader.of(at("2001:db8::1", 0), at("2001:db8::2", 65535)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY UNKNOWN\r\n",
                "PROXY UNKNOWN and whatever else there may be\r\n",
                "PROXY UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n"
            })
    void anUnknownClientIsNamedByNobody(String line) throws Exception {
        assertThat(ProxyHeaderDecoder.decode(text(line))).isEqualTo(ProxyHeader.local());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY \r\n",
                "PROXY TCP4\r\n",
                "PROXY UNKNOWNS\r\n",
                "PROXY tcp4 192.0.2.1 198.51.100.2 1 2\r\n",
                "PROXY UDP4 192.0.2.1 198.51.100.2 1 2\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.2 1\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.2 1 2 3\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.2 1 2 \r\n",
                "PROXY TCP4  192.0.2.1 198.51.100.2 1 2\r\n",
                "PROXY TCP4 192.0.2.1\t198.51.100.2 1 2\r\n",
                "PROXY TCP4 192.0.2.01 198.51.100.2 1 2\r\n",
                "PROXY TCP4 192.0.2 198.51.100.2 1 2\r\n",
                "PROXY TCP4 192.0.2.256 198.51.100.2 1 2\r\n",
                "PROXY TCP4 localhost 198.51.100.2 1 2\r\n",
                "PROXY TCP4 2001:db8::1 2001:db8::2 1 2\r\n",
                "PROXY TCP6 192.0.2.1 198.51.100.2 1 2\r\n",
                "PROXY TCP6 fe80::1%eth0 2001:db8::2 1 2\r\n",
                "PROXY TCP6 [2001:db8::1] 2001:db8::2 1 2\r\n",
                "PROXY TCP6 2001:db8::1::2 2001:db8::2 1 2\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.2 01 2\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.2 -1 2\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.2 +1 2\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.2 1 65536\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.2 1 \u0661\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.2 1 2\n",
                "PROXY TCP4 192.0.2.1 198.51.100.2 1 2\rX",
                "PROXY UNKNOWN a\rb\r\n"
            })
    void aLineThatBreaksTheRulesIsMalformed(String line) {
        assertThat(refusal(text(line))).isEqualTo(Refusal.PROXY_MALFORMED);
    }

    @Test
    void aLineMayHave107Bytes() throws Exception {
        String start = "PROXY UNKNOWN ";
        String longest = start + "x".repeat(107 - start.length() - 2);
        assertThat(ProxyHeaderDecoder.decode(text(longest))).isNull();
        assertThat(ProxyHeaderDecoder.decode(text(longest + "\r"))).isNull();
        assertThat(ProxyHeaderDecoder.decode(text(longest + "\r\n"))).isEqualTo(ProxyHeader.local());
        assertThat(refusal(text(longest + "x\r\n"))).isEqualTo(Refusal.PROXY_TOO_LONG);
        assertThat(refusal(text(longest + "xx"))).isEqualTo(Refusal.PROXY_TOO_LONG);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "G",
                "GET / HTTP/1.1\r\n",
                "PROXX",
                "PROXY\r\n",
                "PROXY\t",
                "\r\n\r\n\r",
                "\n",
                "\u0016\u0003\u0001"
            })
    void anotherBeginningIsRefusedAtItsFirstWrongByte(String bytes) {
        assertThat(refusal(text(bytes))).isEqualTo(Refusal.PROXY_NO_HEADER);
    }

    // ---------------------------------------------------------------- version 2

    @Test
    void aBinaryHeaderNamesBothEndsAndItsTlvsAreKeptButForTheChecksum() throws Exception {
        byte[] header = v2(0x21, 0x11, IPV4 + "0500020102" + "03000400000000" + "e000017f")
                .array();
        int checksumAt = 16 + 12 + 5 + 3;
        CRC32C checksum = new CRC32C();
        checksum.update(header);
        ByteBuffer.wrap(header).putInt(checksumAt, (int) checksum.getValue());

        assertThat(ProxyHeaderDecoder.decode(bytes(header)))
                .isEqualTo(ProxyHeader.of(at("192.0.2.1", 54321), at("198.51.100.2", 443))
                        .withTlvs(ByteBuffer.wrap(HEX.parseHex("0500020102" + "e000017f"))));

        for (int i = 16; i < header.length; i++) {
            byte[] flipped = header.clone();
            flipped[i] ^= 0x10;
            boolean lengthOrType = i >= 28 && (i <= 30 || (i >= 33 && i <= 35) || (i >= 40 && i <= 42));
            if (!lengthOrType) {
                assertThat(refusal(bytes(flipped))).as("byte %d", i).isEqualTo(Refusal.PROXY_CHECKSUM);
            }
        }
    }

    @Test
    void localAndUnspecifiedNameNobodyWhateverIsInThem() throws Exception {
        for (ByteBuf in : List.of(
                v2(0x20, 0x00, ""),
                v2(0x20, 0x11, IPV4),
                v2(0x20, 0xff, "00"),
                v2(0x21, 0x00, ""),
                v2(0x21, 0x00, "0102"))) {
            assertThat(ProxyHeaderDecoder.decode(in)).isEqualTo(ProxyHeader.local());
            assertThat(in.isReadable()).isFalse();
        }
    }

    @Test
    void unixAndUdpNameNobodyButAreReadAndTheirTlvsAreKept() throws Exception {
        String tlv = "e000017f";
        ProxyHeader nobody = ProxyHeader.local().withTlvs(ByteBuffer.wrap(HEX.parseHex(tlv)));
        assertThat(ProxyHeaderDecoder.decode(v2(0x21, 0x31, "00".repeat(216) + tlv)))
                .isEqualTo(nobody);
        assertThat(ProxyHeaderDecoder.decode(v2(0x21, 0x32, "00".repeat(216) + tlv)))
                .isEqualTo(nobody);
        assertThat(ProxyHeaderDecoder.decode(v2(0x21, 0x12, IPV4 + tlv))).isEqualTo(nobody);
        assertThat(ProxyHeaderDecoder.decode(v2(0x21, 0x22, "00".repeat(36) + tlv)))
                .isEqualTo(nobody);
    }

    @ParameterizedTest
    @CsvSource({
        "version 1 in binary, 11, 11, " + IPV4,
        "version 3, 31, 11, " + IPV4,
        "another command, 22, 11, " + IPV4,
        "another family, 21, 41, " + IPV4,
        "IPv4 without a transport, 21, 10, " + IPV4,
        "a transport without a family, 21, 01, " + IPV4,
        "SCTP, 21, 13, " + IPV4,
        "an address cut off, 21, 11, c0000201c6336402d43101",
        "half an IPv6 address, 21, 21, " + IPV4,
        "a UNIX path cut off, 21, 31, " + IPV4,
        "a TLV cut off in its length, 21, 11, " + IPV4 + "0100",
        "a TLV longer than the rest, 21, 11, " + IPV4 + "010002ff",
        "an SSL TLV without its beginning, 21, 11, " + IPV4 + "20000401000000",
        "a TLV within it longer than it, 21, 11, " + IPV4 + "2000080100000000210001",
        "a checksum of 3 bytes, 21, 11, " + IPV4 + "030003000000"
    })
    void aBinaryHeaderThatBreaksTheRulesIsMalformed(String what, String command, String family, String rest) {
        assertThat(refusal(v2(HexFormat.fromHexDigits(command), HexFormat.fromHexDigits(family), rest)))
                .as(what)
                .isEqualTo(Refusal.PROXY_MALFORMED);
    }

    @Test
    void aLengthBeyondTheLimitIsRefusedBeforeItIsWaitedFor() throws Exception {
        String fixed = SIGNATURE + "2111";
        assertThat(ProxyHeaderDecoder.decode(bytes(HEX.parseHex(fixed + "1000"))))
                .isNull();
        assertThat(refusal(bytes(HEX.parseHex(fixed + "1001")))).isEqualTo(Refusal.PROXY_TOO_LONG);
        assertThat(refusal(bytes(HEX.parseHex(fixed + "ffff")))).isEqualTo(Refusal.PROXY_TOO_LONG);
    }

    @Property(tries = 100)
    void tlvsWithinTlvsCostNoMoreThanTheirBytes(
            @ForAll @Size(min = 1, max = 400) List<@IntRange(min = 0x20, max = 0x21) Integer> types) throws Exception {
        byte[] nested = new byte[0];
        for (int type : types) {
            nested = tlv(type == 0x20 ? 0x20 : 0x21, joined(List.of(new byte[5], nested)));
        }
        byte[] outer = tlv(0x20, joined(List.of(new byte[5], nested)));
        ByteBuf in = v2(0x21, 0x11, IPV4 + HEX.formatHex(outer));

        assertThat(ProxyHeaderDecoder.decode(in))
                .isEqualTo(ProxyHeader.of(at("192.0.2.1", 54321), at("198.51.100.2", 443))
                        .withTlvs(ByteBuffer.wrap(outer)));
    }

    // ---------------------------------------------------------------- writing

    @Test
    void addressesOfTwoFamiliesAreBothWrittenAsIpv6() {
        ProxyHeader.Endpoints mixed = new ProxyHeader.Endpoints(at("2001:db8::1", 1), at("192.0.2.1", 2));
        assertThat(encoded(Version.V1, mixed, ProxyHeader.NO_TLVS).toString(StandardCharsets.US_ASCII))
                .isEqualTo("PROXY TCP6 2001:db8:0:0:0:0:0:1 0:0:0:0:0:ffff:c000:201 1 2\r\n");
    }

    @Test
    void anIpv4MappedAddressIsWrittenAsIpv4() throws Exception {
        byte[] mapped = HEX.parseHex("00000000000000000000ffffc0000201");
        InetAddress address = java.net.Inet6Address.getByAddress("", mapped, -1);
        ProxyHeader.Endpoints endpoints =
                new ProxyHeader.Endpoints(new InetSocketAddress(address, 1), new InetSocketAddress(address, 2));
        assertThat(encoded(Version.V1, endpoints, ProxyHeader.NO_TLVS).toString(StandardCharsets.US_ASCII))
                .isEqualTo("PROXY TCP4 192.0.2.1 192.0.2.1 1 2\r\n");
    }
}
