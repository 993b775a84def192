package io.lvs4j.ipvsadm;

import io.lvs4j.VirtualService;
import io.lvs4j.keepalived.syntax.Diagnostic;
import io.lvs4j.keepalived.syntax.Diagnostic.Severity;
import io.lvs4j.keepalived.syntax.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Rules as {@code ipvsadm -S} prints them and {@code ipvsadm -R} takes them: a command line a line, with or without the program's
 * name. Text that a person wrote is as welcome: all spellings of options, every command that changes services.
 *
 * <pre>{@code
 * Rules rules = Rules.read("rules", "-A -t 10.0.0.1:80 -s wrr\n-a -t 10.0.0.1:80 -r 10.1.0.1:80 -m -w 3\n");
 * Services described = rules.services();
 * described.diagnostics().forEach(System.err::println);
 * if (described.ok()) {
 *     director.apply(described.services());
 * }
 * }</pre>
 *
 * <p>What is wrong is told, never thrown, and all of it; a line with an error has no command. Everything else is as with
 * ipvsadm 1.31, defaults included (direct routing, weight 1, {@code wlc}, 360 s), with these differences: addresses are written
 * in full, names are known only if the caller knows them, a line may end with a comment ({@code #}, with a warning), and what
 * ipvsadm only notices at the kernel's refusal is told with the rest.
 *
 * @param list what was understood, in the order of the lines
 * @param diagnostics what there is to say, in the order of the lines
 */
public record Rules(List<Rule> list, List<Diagnostic> diagnostics) {
    /** The longest text that is read, in characters. */
    public static final int MAX_TEXT = 10 << 20;

    /** The longest line that is read, in characters. */
    public static final int MAX_LINE = 4096;

    /** How many commands are read. */
    public static final int MAX_COMMANDS = 100_000;

    /**
     * A command, and where it stands.
     *
     * @param command the command
     * @param at its line and column
     * @param text the line
     */
    public record Rule(Command command, Position at, String text) {
        /** Refuses null. */
        public Rule {
            Objects.requireNonNull(command, "command");
            Objects.requireNonNull(at, "at");
            Objects.requireNonNull(text, "text");
        }

        /** Returns where an option of this command stands, or the command if the option is not there. */
        Position position(Option group) {
            return Words.of(at.file(), at.line(), text, new Findings()).given().stream()
                    .filter(given -> given.option().group() == group)
                    .map(Words.Given::at)
                    .findFirst()
                    .orElse(at);
        }
    }

    /**
     * What rules come to when they are carried out, beginning with no service.
     *
     * @param services the services in the order in which they were added; those that descriptions cannot hold are left out
     * @param table the table that ipvsadm would have made, with the services that descriptions cannot hold; nothing has passed
     * @param diagnostics what there is to say of the text and of the rules, in the order of the lines
     */
    public record Services(List<VirtualService> services, ServiceListing table, List<Diagnostic> diagnostics) {
        /** Copies the lists. */
        public Services {
            Objects.requireNonNull(table, "table");
            services = List.copyOf(services);
            diagnostics = List.copyOf(diagnostics);
        }

        /** {@return whether there is no error} If there is, the services are not what the text says. */
        public boolean ok() {
            return noErrors(diagnostics);
        }
    }

    /** Copies the lists. */
    public Rules {
        list = List.copyOf(list);
        diagnostics = List.copyOf(diagnostics);
    }

    /**
     * {@return the rules of a text without host and service names}
     *
     * @param file what to call the text in diagnostics
     * @param text lines
     */
    public static Rules read(String file, String text) {
        return read(file, text, Names.none());
    }

    /**
     * {@return the rules of a text}
     *
     * @param file what to call the text in diagnostics
     * @param text lines
     * @param names what host and service names stand for
     */
    public static Rules read(String file, String text, Names names) {
        Findings findings = new Findings();
        List<Rule> rules = new ArrayList<>();
        if (text.length() > MAX_TEXT) {
            findings.error(
                    "too-long",
                    new Position(file, 1, 1),
                    "text: " + text.length() + " characters (expected: at most " + MAX_TEXT + ")");
            return new Rules(rules, findings.list());
        }
        boolean commented = false;
        int line = 0;
        for (int start = 0; start < text.length(); ) {
            int newline = text.indexOf('\n', start);
            int end = newline < 0 ? text.length() : newline;
            line++;
            if (end - start > MAX_LINE) {
                findings.error(
                        "too-long",
                        new Position(file, line, MAX_LINE + 1),
                        "line: " + (end - start) + " characters (expected: at most " + MAX_LINE + ")");
            } else if (end > start) {
                String content = text.substring(start, end);
                int before = findings.errors();
                Words words = Words.of(file, line, content, findings);
                if (words.hasComment() && !commented) {
                    commented = true;
                    findings.warning(
                            "comment",
                            new Position(file, line, content.indexOf('#') + 1),
                            "#: a comment (expected: none, ipvsadm -R takes none; others are not told)");
                }
                Optional<Command> command = CommandReader.read(words, names, findings);
                if (command.isPresent() && findings.errors() == before) {
                    rules.add(new Rule(command.get(), words.given().get(0).at(), content));
                }
            }
            if (rules.size() > MAX_COMMANDS) {
                findings.error(
                        "too-long",
                        new Position(file, line, 1),
                        "commands: more than " + MAX_COMMANDS + " (expected: at most so many)");
                break;
            }
            if (findings.full()) {
                break;
            }
            start = end + 1;
        }
        return new Rules(rules, findings.list());
    }

    /** {@return whether there is no error} If there is, the commands are not what the text says. */
    public boolean ok() {
        return noErrors(diagnostics);
    }

    /**
     * {@return the services that there are when the commands have been carried out in their order, beginning with none} What the
     * descriptions cannot hold, such as port 0, is an error that names the option, with the code {@code unsupported-value}.
     */
    public Services services() {
        return TableOfRules.services(this);
    }

    private static boolean noErrors(List<Diagnostic> diagnostics) {
        return diagnostics.stream().noneMatch(found -> found.severity() == Severity.ERROR);
    }
}
