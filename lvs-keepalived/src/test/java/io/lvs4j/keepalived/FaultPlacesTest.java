package io.lvs4j.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvs4j.keepalived.FaultPlanter.Kind;
import io.lvs4j.keepalived.FaultPlanter.Planted;
import io.lvs4j.keepalived.syntax.Diagnostic;
import io.lvs4j.keepalived.syntax.Diagnostic.Severity;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** Where what is wrong with a whole file is told. */
class FaultPlacesTest {
    private static final int MUTANTS = 1000;
    private static final List<Kind> KINDS = List.of(Kind.values());

    @Test
    void aPlantedFaultIsToldWithinALineOfWhereItIs(TestReporter reporter) {
        FaultPlanter planter = new FaultPlanter(11);
        Map<Kind, Integer> planted = new EnumMap<>(Kind.class);
        Map<Kind, Integer> told = new EnumMap<>(Kind.class);
        List<String> missed = new ArrayList<>();
        for (int i = 0; planted.values().stream().mapToInt(Integer::intValue).sum() < MUTANTS; i++) {
            List<String> good = new ConfigGenerator(i).valid();
            Kind kind = KINDS.get(i % KINDS.size());
            if (!has(kind, good)) {
                continue;
            }
            Planted mutant = planter.plant(kind, good);
            planted.merge(kind, 1, Integer::sum);
            KeepalivedConfig read = ConfigTexts.strict(String.join("\n", mutant.lines()) + "\n");
            if (isTold(read, mutant)) {
                told.merge(kind, 1, Integer::sum);
            } else {
                missed.add(kind + " in line " + mutant.first() + ": " + read.diagnostics() + "\n"
                        + String.join("\n", mutant.lines()));
            }
        }
        int all = told.values().stream().mapToInt(Integer::intValue).sum();
        reporter.publishEntry("told within a line", all + " of " + MUTANTS + ": " + told + " of " + planted);

        assertThat(all).as(() -> String.join("\n\n", missed)).isGreaterThanOrEqualTo(MUTANTS * 95 / 100);
    }

    private static boolean has(Kind kind, List<String> lines) {
        return switch (kind) {
            case OPEN_QUOTE -> lines.stream().anyMatch(line -> line.contains("\""));
            case DUPLICATE ->
                lines.stream().anyMatch(line -> line.strip().matches("(quorum_|notify_)(up|down) .*|digest .*"));
            default -> true;
        };
    }

    private static boolean isTold(KeepalivedConfig read, Planted mutant) {
        return read.diagnostics().stream()
                .filter(each -> each.severity() != Severity.NOTE)
                .mapToInt(each -> each.at().line())
                .anyMatch(line -> line >= mutant.first() - 1 && line <= mutant.last() + 1);
    }

    @Test
    void eachOfManyFaultsIsTold() {
        KeepalivedConfig read = ConfigTexts.lenient("""
                global_defs {
                    lvs_timeouts tcp x
                }
                virtual_server 10.0.0.1 80 {
                    lb_algoo rr
                    lb_kind nat
                    PROTOCOL TCP
                    bogus {
                        more 1
                    }
                    persistence_timeout 0
                    delay_loop
                    quorum_up "/bin/true
                    real_server 10.0.0.300 80 {
                    }
                    host {
                    }
                    real_server 192.168.0.1 80 {
                        notify_up /bin/true
                        notify_up /bin/true
                    }
                }
                virtual_server group NONE {
                    lb_algo rr
                    real_server 192.168.0.1 80 {
                    }
                }
                }
                virtual_server 10.0.0.2 80 {
                    lb_algo rr
                    lb_kind NAT
                    protocol TCP
                    real_server 192.168.0.2 80 {
                    }
                }
                """);

        assertThat(read.diagnostics().stream()
                        .filter(each -> each.severity() != Severity.NOTE)
                        .map(Diagnostic::at)
                        .map(at -> at.line()))
                .contains(2, 5, 6, 7, 8, 11, 12, 13, 14, 16, 20, 23, 28);
        assertThat(read.virtualServices()).singleElement().hasToString("tcp 10.0.0.2:80 rr");
    }

    @Test
    void whatFollowsAnUnknownBlockIsKept() {
        String good = ConfigTexts.virtualServer("");
        KeepalivedConfig read = ConfigTexts.lenient("bogus x {\n deeper {\n y 1\n }\n}\n" + good);

        assertThat(ConfigTexts.told(read)).containsExactly("1:1 ERROR unknown-keyword");
        assertThat(read.virtualServices())
                .isEqualTo(ConfigTexts.strict(good).virtualServices())
                .hasSize(1);
    }
}
