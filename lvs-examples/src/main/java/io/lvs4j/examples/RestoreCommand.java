package io.lvs4j.examples;

import io.lvs4j.ipvsadm.Command.Zero;
import io.lvs4j.ipvsadm.Rules;
import io.lvs4j.keepalived.syntax.Diagnostic;
import io.lvs4j.netlink.Ipvs;
import io.lvs4j.netlink.IpvsChange;
import io.lvs4j.netlink.IpvsResult;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Carries rules out on the kernel's table. */
@Command(
        name = "restore",
        description = {
            "Carries rules out on the kernel's virtual services as ipvsadm -R does, such as lvs save writes.",
            "All are looked at first: with an error nothing changes. What is there and shall be there stays as it is, even",
            "after a -C. If the kernel refuses a change, that is said and the others are made: the same rules once more",
            "make what is missing."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Lvs.Version.class,
        footer = {
            "",
            "Exit codes: 0 = done, 1 = the kernel refused some of it, 2 = bad options, 5 = the rules cannot be read, or have errors."
        })
final class RestoreCommand implements Callable<Integer> {
    private static final String STANDARD_INPUT = "-";
    /** What descriptions cannot hold, and the kernel can. */
    private static final String ONLY_THE_KERNELS = "unsupported-value";

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "FILE",
            description = "The rules; - is standard input. Default: -.")
    private String file = STANDARD_INPUT;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        Optional<String> text = text();
        if (text.isEmpty()) {
            return Lvs.BAD_CONFIG;
        }
        Rules rules = Rules.read(file.equals(STANDARD_INPUT) ? "stdin" : file, text.get());
        PrintWriter messages = spec.commandLine().getErr();
        if (!rules.ok()) {
            DiagnosticLines.print(rules.diagnostics(), messages);
            return Lvs.BAD_CONFIG;
        }
        try (Ipvs ipvs = Ipvs.open()) {
            Rules now = Rules.read("kernel", SaveCommand.text(KernelTable.listing(ipvs)));
            List<Rules.Rule> all = new ArrayList<>(now.list());
            all.addAll(rules.list());
            Rules.Services after = new Rules(all, rules.diagnostics()).services();
            List<Diagnostic> told = after.diagnostics().stream()
                    .filter(each -> !each.code().equals(ONLY_THE_KERNELS))
                    .toList();
            DiagnosticLines.print(told, messages);
            if (told.stream().anyMatch(each -> each.severity() == Diagnostic.Severity.ERROR)) {
                return Lvs.BAD_CONFIG;
            }
            List<IpvsChange> changes = KernelChanges.between(now.services().table(), after.table());
            rules.list().stream()
                    .flatMap(each -> each.command() instanceof Zero zero ? zero.service().stream() : Stream.empty())
                    .forEach(service -> changes.add(new IpvsChange.ZeroService(KernelChanges.key(service))));
            return change(ipvs, changes, rules);
        }
    }

    private int change(Ipvs ipvs, List<IpvsChange> changes, Rules rules) {
        int refused = 0;
        for (IpvsResult result : ipvs.tryAll(changes)) {
            if (result.failure().isPresent()) {
                spec.commandLine().getErr().println(result.failure().get().getMessage());
                refused++;
            }
        }
        if (rules.list().stream()
                .anyMatch(each ->
                        each.command() instanceof Zero zero && zero.service().isEmpty())) {
            ipvs.zero();
        }
        if (refused > 0) {
            spec.commandLine()
                    .getErr()
                    .println(refused + " of " + changes.size() + " changes refused, the others made");
        }
        return refused == 0 ? Lvs.OK : Lvs.BROKEN;
    }

    private Optional<String> text() {
        try (InputStream in =
                file.equals(STANDARD_INPUT) ? System.in : Files.newInputStream(ConfigOptions.path("FILE", file))) {
            byte[] bytes = in.readNBytes(Rules.MAX_TEXT + 1);
            return Optional.of(new String(bytes, StandardCharsets.UTF_8));
        } catch (IOException e) {
            spec.commandLine().getErr().println(file + ": error: cannot read " + file + ": " + reason(e));
            return Optional.empty();
        }
    }

    private static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "there is no such file";
        }
        return e instanceof AccessDeniedException
                ? "permission denied"
                : String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    }
}
