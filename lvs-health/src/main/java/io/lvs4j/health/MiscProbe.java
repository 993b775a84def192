package io.lvs4j.health;

import io.lvs4j.ServerKey;
import io.lvs4j.check.Advice;
import io.lvs4j.check.CheckResult;
import io.lvs4j.check.MiscCheck;
import io.netty.util.NetUtil;
import java.util.Map;
import java.util.function.Consumer;

/** Runs a program and judges its exit status; {@link MiscCheck} says how. */
final class MiscProbe implements Probe {
    private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static final int FIRST_SIGNAL = 129;
    private static final int LAST_SIGNAL = 159;

    private final MiscCheck check;
    private final Programs programs;

    /** @throws IllegalArgumentException if the program is not there, cannot be run, or may have been written by others */
    MiscProbe(MiscCheck check, Programs programs) {
        this.check = check;
        this.programs = programs;
        ProgramPath.require(check.command().get(0));
    }

    @Override
    public Attempt begin(ServerKey server, Consumer<CheckResult> outcome) {
        ProgramRun run = new ProgramRun(check.command(), environment(server), this::judge, outcome);
        programs.begin(run, outcome);
        return new Attempt() {
            @Override
            public Phase phase() {
                return Phase.PROGRAM;
            }

            @Override
            public void abort() {
                run.abort();
                programs.wake();
            }
        };
    }

    private static Map<String, String> environment(ServerKey server) {
        return Map.of(
                "PATH",
                PATH,
                "LANG",
                "C",
                "LVS_ADDRESS",
                NetUtil.toAddressString(server.address()),
                "LVS_PORT",
                Integer.toString(server.port()));
    }

    private CheckResult judge(int status, String output) {
        boolean signal = FIRST_SIGNAL <= status && status <= LAST_SIGNAL;
        String detail = "exit status " + status + (signal ? " (or signal " + (status - 128) + ")" : "")
                + (output.isEmpty() ? "" : ": " + output);
        if (status == 0) {
            return CheckResult.passed(detail);
        }
        return check.dynamicWeight() && status > 1 && !signal
                ? CheckResult.passed(detail, new Advice.Weight(status - 2))
                : Phase.PROGRAM.failed(detail);
    }
}
