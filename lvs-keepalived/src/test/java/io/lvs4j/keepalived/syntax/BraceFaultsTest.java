package io.lvs4j.keepalived.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Where faults that are planted into good files are told. */
class BraceFaultsTest {
    private static final long SEED = 7;
    private static final int MUTANTS = 1000;

    private static final String GLOBAL = """
            ! of a test
            global_defs {
                router_id "A b"
                notification_email {
                    a@example.org
                }
            }

            """;

    private static final String INSTANCE = """
            vrrp_instance VI_N {
                state BACKUP
                interface eth0
                virtual_router_id 5
                authentication {
                    auth_type PASS
                    auth_pass "s3#cret"
                }

                virtual_ipaddress {
                    10.0.0.1/24 dev eth0
                    10.0.0.2
                }
                notify_master "/usr/bin/x a b" root
            }
            """;

    private static final String SERVICE = """
            virtual_server 10.0.0.N 80 {
                delay_loop 6
                lb_algo wrr # weighted
                persistence_timeout 50
            """;

    private static final String SERVER = """
                real_server 192.168.0.N 80 {
                    weight 3
            CHECK        inhibit_on_failure
                }
            """;

    private static final List<String> CHECKS = List.of("""
                    TCP_CHECK {
                        connect_timeout 3
                        retry 2
                    }
            """, """
                    HTTP_GET {
                        url {
                            path "/"
                            status_code 200
                        }
                        connect_timeout 3
                    }
            """, """
                    MISC_CHECK {
                        misc_path "/usr/bin/y 'a b'"
                    }
            """);

    /** A planted fault: the file, the line it is in, and what it was. */
    private record Mutant(List<String> lines, int line, String what) {}

    @Test
    void aPlantedFaultIsToldWithinALineOfWhereItIs() {
        Random random = new Random(SEED);
        List<String> missed = new ArrayList<>();
        for (int i = 0; i < MUTANTS; i++) {
            Mutant mutant = mutant(good(random), random);
            ParseResult read = ConfigParser.parse("conf", String.join("\n", mutant.lines) + "\n", ParseOptions.DEFAULT);
            boolean told = read.diagnostics().stream()
                    .anyMatch(each -> Math.abs(each.at().line() - mutant.line) <= 1);
            if (!told) {
                missed.add(mutant.what + " in line " + mutant.line + ": "
                        + read.diagnostics().stream().map(Diagnostic::toString).toList() + "\n"
                        + String.join("\n", mutant.lines));
            }
        }
        assertThat(missed.size()).as(() -> String.join("\n\n", missed)).isLessThanOrEqualTo(MUTANTS / 20);
    }

    @Test
    void whatFollowsAFaultIsKept() {
        Random random = new Random(SEED);
        int kept = 0;
        for (int i = 0; i < MUTANTS; i++) {
            List<String> good = good(random);
            Mutant mutant = mutant(good, random);
            ParseResult read = ConfigParser.parse("conf", String.join("\n", mutant.lines) + "\n", ParseOptions.DEFAULT);
            ParseResult before = ConfigParser.parse("conf", String.join("\n", good) + "\n", ParseOptions.DEFAULT);
            kept += blocks(read).equals(blocks(before)) ? 1 : 0;
        }
        assertThat(kept).isGreaterThanOrEqualTo(MUTANTS * 95 / 100);
    }

    private static List<String> blocks(ParseResult read) {
        return read.tree().statements().stream()
                .filter(each -> each.block().isPresent())
                .map(each -> each.keyword().text())
                .toList();
    }

    @Test
    void goodFilesHaveNoDiagnostics() {
        Random random = new Random(SEED);
        for (int i = 0; i < 200; i++) {
            List<String> good = good(random);
            assertThat(ConfigParser.parse("conf", String.join("\n", good), ParseOptions.DEFAULT)
                            .diagnostics())
                    .isEmpty();
        }
    }

    private static List<String> good(Random random) {
        StringBuilder out = new StringBuilder(GLOBAL);
        for (int i = random.nextInt(3); i >= 0; i--) {
            out.append(INSTANCE.replace("_N", "_" + i)).append(random.nextBoolean() ? "\n" : "");
        }
        for (int i = random.nextInt(3); i >= 0; i--) {
            out.append(SERVICE.replace(".N", "." + i)).append(random.nextBoolean() ? "\n" : "");
            for (int j = random.nextInt(3); j >= 0; j--) {
                out.append(SERVER.replace(".N", "." + j).replace("CHECK", CHECKS.get(random.nextInt(CHECKS.size()))));
            }
            out.append("}\n");
        }
        String text = out.toString();
        text = random.nextInt(4) == 0 ? text.replaceAll("(?m) \\{$", "\n{") : text;
        text = random.nextInt(4) == 0 ? text.replace("    ", "\t") : text;
        text = random.nextInt(8) == 0 ? text.replaceAll("(?m)^[ \t]+", "") : text;
        return List.of(text.split("\n"));
    }

    private static Mutant mutant(List<String> lines, Random random) {
        while (true) {
            int i = random.nextInt(lines.size());
            Optional<List<String>> lost = mutated(lines.get(i), random);
            if (lost.isPresent()) {
                List<String> mutated = new ArrayList<>(lines);
                mutated.remove(i);
                mutated.addAll(i, lost.get());
                return new Mutant(mutated, i + 1, lines.get(i) + " -> " + lost.get());
            }
        }
    }

    /** {@return the lines instead of one; empty if that one cannot have the fault} */
    private static Optional<List<String>> mutated(String line, Random random) {
        boolean closes = line.strip().equals("}");
        boolean opens = line.endsWith("{");
        boolean quotes = line.contains("\"");
        boolean plain = !line.isBlank() && !closes && !opens && !line.startsWith("!") && !line.contains("#");
        int quote = random.nextBoolean() ? line.indexOf('"') : line.lastIndexOf('"');
        return switch (random.nextInt(7)) {
            case 0 -> Optional.of(List.<String>of()).filter(lines -> closes);
            case 1 -> Optional.of(List.of(line.replace("{", ""))).filter(lines -> opens);
            case 2 ->
                Optional.of(quotes)
                        .filter(yes -> yes)
                        .map(yes -> List.of(line.substring(0, quote) + line.substring(quote + 1)));
            case 3 -> Optional.of(List.of(line, line)).filter(lines -> closes);
            case 4 -> Optional.of(List.of(line.replace('{', '}'))).filter(lines -> opens);
            case 5 -> Optional.of(List.of(line.replace('}', '{'))).filter(lines -> closes);
            default -> Optional.of(List.of(line + " {")).filter(lines -> plain);
        };
    }
}
