package io.lvs4j.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lvs4j.Refusal;
import io.lvs4j.ServerNames;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.HexFormat;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is a ClientHello, what is not, and which server name it asks for. */
class ClientHelloTest {
    private static final String NAME = "auth.example.org";
    private static final byte[] HELLO = Hellos.jdk(NAME);

    private static @Nullable String decode(byte[] bytes) throws BadOpeningException {
        return new ClientHelloDecoder().decode(Unpooled.wrappedBuffer(bytes));
    }

    private static Refusal refusal(byte[] bytes) {
        return catchThrowableOfType(BadOpeningException.class, () -> decode(bytes))
                .reason();
    }

    // ---------------------------------------------------------------- properties

    @Property(tries = 200)
    void theNameIsFoundHoweverTheHelloIsCut(
            @ForAll("names") String name, @ForAll @IntRange(min = 5, max = 400) int record, @ForAll byte[] behind)
            throws Exception {
        byte[] cut = Hellos.inRecordsOf(record, Hellos.withServerName(Hellos.list(0, name)));
        assertThat(decode(Hellos.joined(cut, behind))).isEqualTo(name);
    }

    @Property(tries = 50)
    void nothingIsConsumedAndNoMoreAskedForThanTheHello(@ForAll @IntRange(min = 1, max = 700) int record)
            throws Exception {
        byte[] cut = Hellos.inRecordsOf(record, HELLO);
        ClientHelloDecoder decoder = new ClientHelloDecoder();
        ByteBuf in = Unpooled.buffer();
        for (int i = 0; i < cut.length - 1; i++) {
            assertThat(decoder.decode(in.writeByte(cut[i]))).isNull();
        }
        assertThat(decoder.decode(in.writeByte(cut[cut.length - 1]))).isEqualTo(NAME);
        assertThat(in.readableBytes()).isEqualTo(cut.length);
    }

    @Property
    void anyMutationIsAGoodNameOrARefusal(
            @ForAll @Size(min = 1, max = 8) int[] places, @ForAll byte value, @ForAll @IntRange(max = 300) int record) {
        byte[] mutated = record == 0 ? HELLO.clone() : Hellos.inRecordsOf(record, HELLO);
        for (int place : places) {
            mutated[Math.floorMod(place, mutated.length)] = value;
        }
        decodesOrRefuses(mutated);
    }

    @Property
    void anyBytesAreAGoodNameOrARefusal(@ForAll byte[] bytes) {
        decodesOrRefuses(bytes);
        decodesOrRefuses(Hellos.message(bytes));
        decodesOrRefuses(Hellos.withExtensions(bytes));
        decodesOrRefuses(Hellos.withServerName(bytes));
    }

    private static void decodesOrRefuses(byte[] bytes) {
        try {
            String name = decode(bytes);
            assertThat(name == null || name.isEmpty() || ServerNames.isName(name))
                    .as("%s", name)
                    .isTrue();
        } catch (BadOpeningException e) {
            assertThat(e.reason()).isNotNull();
        }
    }

    @Provide
    Arbitrary<String> names() {
        Arbitrary<String> label =
                Arbitraries.strings().withCharRange('a', 'z').ofMinLength(1).ofMaxLength(20);
        return label.list().ofMinSize(1).ofMaxSize(6).map(labels -> String.join(".", labels));
    }

    // ---------------------------------------------------------------- names

    @Test
    void aNameIsReadInLowerCase() throws Exception {
        assertThat(decode(Hellos.withServerName(Hellos.list(0, "Auth.EXAMPLE.org"))))
                .isEqualTo(NAME);
    }

    @Test
    void withoutAnExtensionThereIsNoName() throws Exception {
        assertThat(decode(Hellos.jdk(""))).isEqualTo(ClientHelloDecoder.NO_NAME);
        assertThat(decode(Hellos.withExtensions())).isEqualTo(ClientHelloDecoder.NO_NAME);
        byte[] noExtensionsAtAll = new byte[2 + 32 + 1 + 4 + 2];
        noExtensionsAtAll[0] = 3;
        noExtensionsAtAll[36] = 2; // one cipher suite
        noExtensionsAtAll[39] = 1; // one compression method
        assertThat(decode(Hellos.message(noExtensionsAtAll))).isEqualTo(ClientHelloDecoder.NO_NAME);
        assertThat(decode(Hellos.withServerName(Hellos.list(7, "x")))).isEqualTo(ClientHelloDecoder.NO_NAME);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "192.0.2.1",
                "::1",
                "auth.example.org.",
                "auth..org",
                ".org",
                "-a.org",
                "a-.org",
                "a_b.org",
                "ä.org",
                "a b.org",
                "a\0.org",
                "a/b",
                "1"
            })
    void aNameThatIsNoDnsNameIsRefused(String name) {
        assertThat(refusal(Hellos.withServerName(Hellos.list(0, name)))).isEqualTo(Refusal.BAD_SERVER_NAME);
    }

    @Test
    void aNameHas255CharactersAndALabel63AtMost() throws Exception {
        String label = "a".repeat(63);
        String longest = String.join(".", label, label, label, label);
        assertThat(decode(Hellos.withServerName(Hellos.list(0, longest)))).isEqualTo(longest);
        for (String longer : new String[] {longest + "a", label + "a.org", "a.".repeat(200) + "b"}) {
            assertThat(refusal(Hellos.withServerName(Hellos.list(0, longer)))).isEqualTo(Refusal.BAD_SERVER_NAME);
        }
    }

    // ---------------------------------------------------------------- malformed

    @ParameterizedTest
    @CsvSource({
        "NOT_TLS, 474554202f20485454502f312e310d0a",
        "NOT_TLS, 80", // a hello of SSL 2
        "NOT_TLS, 1602",
        "NOT_TLS, 150301000202",
        "HELLO_MALFORMED, 1603010000",
        "HELLO_MALFORMED, 160301000102", // a ServerHello
        "HELLO_MALFORMED, 16030100010115",
        "HELLO_MALFORMED, 16030100010116030100010016030100010016030100010017",
        "HELLO_TOO_LONG, 1603014001",
        "HELLO_TOO_LONG, 160301ffff",
        "HELLO_TOO_LONG, 160301000401003ffd",
        "HELLO_TOO_LONG, 160301000401ffffff",
        "HELLO_TOO_LONG, 160301000101" + "160301000300ffff",
        "HELLO_MALFORMED, 16030100040100000016",
        "HELLO_MALFORMED, 1603010005010000010316",
    })
    void badBytesAreRefusedAtTheFirstThatIsWrong(Refusal reason, String bytes) {
        assertThat(refusal(HexFormat.of().parseHex(bytes))).isEqualTo(reason);
    }

    @Test
    void whatLeadsToTheNameMustFitExactly() {
        byte[] list = Hellos.list(0, NAME);
        byte[][] bad = {
            Hellos.withServerName(new byte[0]),
            Hellos.withServerName(new byte[] {0, 0}),
            Hellos.withServerName(Hellos.joined(list, new byte[1])),
            Hellos.withServerName(Arrays.copyOf(list, list.length - 1)),
            Hellos.withServerName(Hellos.list(0, "")),
            Hellos.withServerName(Hellos.list(Hellos.entry(0, NAME), Hellos.entry(0, NAME))),
            Hellos.withExtensions(Hellos.extension(0, list), Hellos.extension(0, list)),
            Hellos.withExtensions(new byte[] {0, 0, 0}),
            Hellos.withExtensions(new byte[] {0, 0, 0, 1}),
        };
        for (byte[] bytes : bad) {
            assertThat(refusal(bytes)).isEqualTo(Refusal.HELLO_MALFORMED);
        }
    }

    @Test
    void aHelloHas16KibAtMostAndMayFillThem() throws Exception {
        byte[] name = Hellos.extension(0, Hellos.list(0, NAME));
        int others = ClientHelloDecoder.MAX_HELLO_BYTES - 4 - 2 - 32 - 7 - 2 - name.length - 4;
        byte[] longest = Hellos.withExtensions(Hellos.extension(21, new byte[others]), name);
        assertThat(decode(longest)).isEqualTo(NAME);
        assertThat(decode(Hellos.inRecordsOf(5, longest))).isEqualTo(NAME);
        assertThat(refusal(Hellos.inRecordsOf(4, longest))).isEqualTo(Refusal.HELLO_TOO_LONG);
        byte[] longer = Hellos.withExtensions(Hellos.extension(21, new byte[others + 1]), name);
        assertThat(refusal(Hellos.inRecordsOf(1000, longer))).isEqualTo(Refusal.HELLO_TOO_LONG);
    }
}
