package io.lvs4j.health;

import io.lvs4j.ProxyProtocol;
import io.lvs4j.ServerKey;
import io.lvs4j.check.CheckResult;
import io.lvs4j.check.CheckTarget;
import io.lvs4j.check.HttpCheck;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Asks one server for the pages of a check, one after the other until one fails; each is an {@link HttpAttempt}. */
final class HttpProbe implements Probe {
    private final ServerKey asked;
    private final CheckTarget target;
    private final Sockets sockets;
    private final Optional<ProxyProtocol.Version> greeting;
    private final List<HttpPage> pages;

    /** @param trust who vouches for certificates; asked only if the check speaks TLS */
    HttpProbe(
            ServerKey server, HttpCheck check, Sockets sockets, Optional<ProxyProtocol.Version> greeting, Trust trust) {
        this.target = check.target();
        this.asked = target.of(server);
        this.sockets = sockets;
        this.greeting = greeting;
        this.pages = check.urls().stream()
                .map(url -> HttpPage.of(asked, check, url, trust))
                .toList();
    }

    @Override
    public Attempt begin(ServerKey server, Consumer<CheckResult> outcome) {
        Round round = new Round(outcome);
        round.ask(0);
        return round;
    }

    /** One attempt: all pages. Thread-safe. */
    private final class Round implements Attempt {
        private final Consumer<CheckResult> outcome;

        // Guarded by this.
        private int page;
        private @Nullable HttpAttempt current;
        private boolean aborted;

        Round(Consumer<CheckResult> outcome) {
            this.outcome = outcome;
        }

        void ask(int index) {
            HttpAttempt next = new HttpAttempt(sockets.nextLoop(), pages.get(index), result -> judge(index, result));
            synchronized (this) {
                if (aborted) {
                    return;
                }
                page = index;
                current = next;
            }
            sockets.connect(asked, target, greeting, next);
        }

        private void judge(int index, CheckResult result) {
            if (!(result instanceof CheckResult.Passed)) {
                outcome.accept(named(index, result));
            } else if (index + 1 < pages.size()) {
                ask(index + 1);
            } else {
                outcome.accept(pages.size() == 1 ? result : CheckResult.passed(pages.size() + " pages as expected"));
            }
        }

        private CheckResult named(int index, CheckResult result) {
            return pages.size() > 1 && result instanceof CheckResult.Failed failed
                    ? CheckResult.failed(failed.phase(), pages.get(index).name() + ": " + failed.detail())
                    : result;
        }

        @Override
        public synchronized Waiting phase() {
            int index = page;
            Phase phase = current == null ? Phase.CONNECT : current.phase();
            return timeout -> named(index, phase.overdue(timeout));
        }

        @Override
        public synchronized void abort() {
            aborted = true;
            if (current != null) {
                current.abort();
            }
        }
    }
}
