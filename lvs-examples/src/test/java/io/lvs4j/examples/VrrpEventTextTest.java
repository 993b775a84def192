package io.lvs4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.vrrp.RouterState;
import io.lvs4j.vrrp.VrrpEvent;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@link EventLines} and {@link EventText} of virtual routers. */
class VrrpEventTextTest {
    private static final Instant NOW = Instant.EPOCH;

    static Stream<Arguments> events() throws UnknownHostException {
        InetAddress source = InetAddress.getByName("192.0.2.9");
        return Stream.of(
                Arguments.of(
                        new VrrpEvent.RouterEntered(NOW, "VI_1", RouterState.MASTER, 150),
                        "router-entered VI_1: MASTER, priority 150",
                        "\"type\":\"router-entered\",\"router\":\"VI_1\",\"state\":\"MASTER\",\"priority\":150"),
                Arguments.of(
                        new VrrpEvent.GroupEntered(NOW, "G", RouterState.FAULT),
                        "group-entered G: FAULT",
                        "\"type\":\"group-entered\",\"group\":\"G\",\"state\":\"FAULT\""),
                Arguments.of(
                        new VrrpEvent.PriorityChanged(NOW, "VI_1", 90),
                        "priority-changed VI_1: priority 90",
                        "\"type\":\"priority-changed\",\"router\":\"VI_1\",\"priority\":90"),
                Arguments.of(
                        new VrrpEvent.FaultsChanged(NOW, "VI_1", List.of("interface eth0", "script \"x\"")),
                        "faults-changed VI_1: interface eth0, script \"x\"",
                        "\"type\":\"faults-changed\",\"router\":\"VI_1\",\"faults\":[\"interface eth0\",\"script \\\"x\\\"\"]"),
                Arguments.of(
                        new VrrpEvent.FaultsChanged(NOW, "VI_1", List.of()),
                        "faults-changed VI_1: none",
                        "\"type\":\"faults-changed\",\"router\":\"VI_1\",\"faults\":[]"),
                Arguments.of(
                        new VrrpEvent.LowerMasterHeard(NOW, "VI_1", source, 90),
                        "lower-master-heard VI_1: 192.0.2.9, priority 90",
                        "\"type\":\"lower-master-heard\",\"router\":\"VI_1\",\"source\":\"192.0.2.9\",\"priority\":90"),
                Arguments.of(
                        new VrrpEvent.OwnerConflict(NOW, "VI_1", source),
                        "owner-conflict VI_1: 192.0.2.9",
                        "\"type\":\"owner-conflict\",\"router\":\"VI_1\",\"source\":\"192.0.2.9\""),
                Arguments.of(
                        new VrrpEvent.Failed(NOW, "VI_1", "add 192.0.2.1/24: EPERM"),
                        "failed VI_1: add 192.0.2.1/24: EPERM",
                        "\"type\":\"failed\",\"router\":\"VI_1\",\"cause\":\"add 192.0.2.1/24: EPERM\""));
    }

    @ParameterizedTest
    @MethodSource("events")
    void eachEventIsALineOfWordsAndOneOfJson(VrrpEvent event, String words, String json) {
        assertThat(EventText.of(event)).matches("[0-9:.]{12} .*").endsWith(" " + words);
        assertThat(new EventLines(new PrintWriter(new StringWriter())).line(event))
                .isEqualTo("{\"time\":\"1970-01-01T00:00:00Z\"," + json + "}");
    }

    @Test
    void noKindOfEventIsLeftOut() throws UnknownHostException {
        Set<String> written =
                events().map(each -> each.get()[0].getClass().getName()).collect(Collectors.toSet());
        Set<String> all = Arrays.stream(VrrpEvent.class.getPermittedSubclasses())
                .map(Class::getName)
                .collect(Collectors.toSet());
        assertThat(written).isEqualTo(all);
    }

    @Test
    void eachEventIsWrittenAtOnce() {
        StringWriter lines = new StringWriter();
        StringWriter words = new StringWriter();
        VrrpEvent event = new VrrpEvent.GroupEntered(NOW, "G", RouterState.MASTER);
        for (EventSink sink :
                List.of(new EventLines(new PrintWriter(lines, false)), new EventWords(new PrintWriter(words, true)))) {
            sink.onEvent(event);
        }
        assertThat(lines.toString()).startsWith("{").endsWith("}\n");
        assertThat(words.toString()).endsWith(" group-entered G: MASTER\n");
    }
}
