package io.lvs4j.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.lvs4j.VirtualService;
import io.lvs4j.keepalived.syntax.ConfigWriter;
import io.lvs4j.keepalived.syntax.ParseOptions;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the text: diagnostics and what could be understood, soon; and what was understood is written so that it is read again. */
class KeepalivedConfigFuzzTest {
    private static final int SEEDS = 40;
    private static final ReadOptions STRICT =
            new ReadOptions(ReadOptions.Mode.STRICT, ParseOptions.DEFAULT.withConfigId("main"));
    private static final ReadOptions LENIENT = new ReadOptions(ReadOptions.Mode.LENIENT, STRICT.parse());

    static Stream<byte[]> configurations() {
        return LongStream.range(0, SEEDS).mapToObj(seed -> {
            ConfigGenerator generator = new ConfigGenerator(seed);
            List<String> valid = generator.valid();
            return bytes(String.join("\n", seed % 2 == 0 ? valid : generator.mutant(valid)));
        });
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @MethodSource("configurations")
    @DictionaryFile(resourcePath = "fuzz.dict")
    @FuzzTest(maxDuration = "10m")
    void whatIsReadIsToldAndWrittenAgain(byte[] bytes) {
        // Names of files are IncludesFuzzTest's.
        String text = new String(bytes, StandardCharsets.UTF_8).replace("include", "exclude");
        CpuTime.bounded(() -> read(text, STRICT));
        CpuTime.bounded(() -> read(text, LENIENT));
    }

    private static void read(String text, ReadOptions options) {
        KeepalivedConfig config = KeepalivedConfig.read("fuzz", text, options);
        assertThat(config.diagnostics())
                .hasSizeLessThanOrEqualTo(2 * (options.parse().limits().diagnostics() + 1));
        String tree = ConfigWriter.write(config.tree());
        assertThat(ConfigWriter.write(
                        KeepalivedConfig.read("fuzz", tree, options).tree()))
                .isEqualTo(tree);
        List<VirtualService> services = config.virtualServices();
        String written = KeepalivedWriter.of(services).text();
        assertThat(KeepalivedConfig.read("fuzz", written, STRICT).virtualServices())
                .isEqualTo(services);
    }
}
