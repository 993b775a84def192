package io.lvs4j;

import io.lvs4j.check.Advice;
import io.lvs4j.check.HealthCheck;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who serves, by the rules as the documentation says them and by nothing but what has happened: everything is looked up in the
 * whole history, from its beginning, each time it is asked for.
 */
final class SlowPoolModel {
    private final List<Moment> history = new ArrayList<>();
    private final Map<String, Boolean> answers = new HashMap<>(); // the past does not change

    /** What happened at a time, and the description then. */
    record Moment(
            long second, VirtualService service, @Nullable Fact fact) {}

    /** Something about one server: exactly one of a verdict, maintenance and a drain. */
    record Fact(ServerKey server, @Nullable HealthCheck check, boolean on, Optional<Advice> advice, boolean drain) {}

    void happens(long second, VirtualService service, @Nullable Fact fact) {
        history.add(new Moment(second, service, fact));
    }

    // ---------------------------------------------------------------- one server, at a moment of the history

    private VirtualService service(int moment) {
        return history.get(moment).service();
    }

    private boolean there(ServerKey server, int moment) {
        return service(moment).realServer(server).isPresent();
    }

    private RealServer server(ServerKey server, int moment) {
        return service(moment).realServer(server).orElseThrow();
    }

    private boolean asked(ServerKey server, HealthCheck check, int moment) {
        return there(server, moment)
                && service(moment).checksOf(server(server, moment)).contains(check);
    }

    /** Returns the first of the moments without a break up to this one, at which it is so, at which something was so. */
    private static int since(int moment, Predicate<Integer> so) {
        int first = moment;
        while (first > 0 && so.test(first - 1)) {
            first--;
        }
        return first;
    }

    private @Nullable Fact last(int from, int to, Predicate<Fact> which) {
        for (int i = to; i >= from; i--) {
            Fact fact = history.get(i).fact();
            if (fact != null && which.test(fact)) {
                return fact;
            }
        }
        return null;
    }

    private @Nullable Fact verdict(ServerKey server, HealthCheck check, int moment) {
        int from = since(moment, i -> asked(server, check, i));
        return last(from, moment, fact -> fact.server().equals(server) && check.equals(fact.check()));
    }

    private boolean asksForAlpha(HealthCheck check, int moment) {
        return service(moment).poolRules().alpha() || check.timing().alpha();
    }

    private boolean pending(ServerKey server, HealthCheck check, int moment) {
        int from = since(moment, i -> asked(server, check, i));
        boolean passed =
                last(from, moment, fact -> fact.server().equals(server) && check.equals(fact.check()) && fact.on())
                        != null;
        boolean alpha = asksForAlpha(check, moment) && since(moment, i -> asksForAlpha(check, i)) <= from;
        boolean wasUp = from > 0 && there(server, from - 1) && passing(server, from - 1);
        return !passed && alpha && !wasUp;
    }

    private boolean failing(ServerKey server, int moment) {
        return service(moment).checksOf(server(server, moment)).stream().anyMatch(check -> {
            Fact verdict = verdict(server, check, moment);
            return verdict != null && !verdict.on();
        });
    }

    private boolean passing(ServerKey server, int moment) {
        String question = "passing " + server + " " + moment;
        Boolean known = answers.get(question);
        boolean answer = known != null ? known : looksPassing(server, moment);
        answers.put(question, answer);
        return answer;
    }

    private boolean looksPassing(ServerKey server, int moment) {
        return !failing(server, moment)
                && service(moment).checksOf(server(server, moment)).stream()
                        .noneMatch(check -> pending(server, check, moment));
    }

    private boolean up(ServerKey server, int moment) {
        String question = "up " + server + " " + moment;
        Boolean known = answers.get(question);
        boolean answer = known != null ? known : looksUp(server, moment);
        answers.put(question, answer);
        return answer;
    }

    private boolean looksUp(ServerKey server, int moment) {
        int from = since(moment, i -> there(server, i));
        boolean up = true;
        boolean everUp = false;
        int failures = 0;
        long upSince = history.get(from).second();
        long passesSince = upSince;
        for (int i = from; i <= moment; i++) {
            long now = history.get(i).second();
            Optional<FlapDamping> damping = service(i).poolRules().flapDamping();
            boolean passedBefore = i > from && passing(server, i - 1);
            if (!up && passedBefore) {
                long back = passesSince + hold(damping, failures);
                if (now >= back) {
                    up = true;
                    upSince = back;
                }
            }
            if (passing(server, i)) {
                passesSince = passedBefore ? passesSince : now;
                if (!up && hold(damping, failures) == 0) {
                    up = true;
                    upSince = now;
                }
            } else {
                if (up && everUp && damping.isPresent()) {
                    boolean forgotten =
                            now - upSince >= damping.get().maxHoldDown().toSeconds();
                    failures = forgotten ? 1 : failures + 1;
                }
                up = false;
            }
            everUp |= up;
        }
        return up;
    }

    private static long hold(Optional<FlapDamping> damping, int failures) {
        long hold = damping.isEmpty() || failures == 0
                ? 0
                : damping.get().holdDown().toSeconds();
        for (int i = 1; i < failures && hold > 0; i++) {
            hold = Math.min(hold * 2, damping.get().maxHoldDown().toSeconds());
        }
        return hold;
    }

    /** Returns the moment of the failure that it has not recovered from. */
    private Optional<Integer> failed(ServerKey server, int moment) {
        if (up(server, moment)) {
            return Optional.empty();
        }
        int from = since(moment, i -> there(server, i) && !up(server, i));
        for (int i = from; i <= moment; i++) {
            if (failing(server, i)) {
                return Optional.of(i);
            }
        }
        return Optional.empty();
    }

    private List<Advice> advice(ServerKey server, int moment) {
        return service(moment).checksOf(server(server, moment)).stream()
                .map(check -> verdict(server, check, moment))
                .filter(verdict -> verdict != null && verdict.on())
                .flatMap(verdict -> verdict.advice().stream())
                .toList();
    }

    private boolean told(ServerKey server, int moment, boolean drain) {
        int from = since(moment, i -> there(server, i));
        Fact fact = last(from, moment, f -> f.server().equals(server) && f.check() == null && f.drain() == drain);
        return fact != null && fact.on();
    }

    private int weight(ServerKey server, int moment) {
        int described = server(server, moment).weight();
        int percent = -1;
        int differences = 0;
        for (Advice each : advice(server, moment)) {
            if (each instanceof Advice.Percent p) {
                percent = percent < 0 ? p.value() : Math.min(percent, p.value());
            } else if (each instanceof Advice.Weight w) {
                differences += w.value() - described;
            } else if (each == Advice.Admin.DRAIN) {
                return 0;
            }
        }
        int base = percent < 0 ? described : (int) Math.ceil(described * percent / 100.0);
        return told(server, moment, true) ? 0 : Math.max(0, Math.min(65535, base + differences));
    }

    private boolean takenOut(ServerKey server, int moment) {
        return told(server, moment, false)
                || told(server, moment, true)
                || advice(server, moment).stream().anyMatch(Advice.Admin.class::isInstance)
                || server(server, moment).weight() == 0;
    }

    private boolean well(ServerKey server, int moment) {
        return up(server, moment)
                && !told(server, moment, false)
                && !advice(server, moment).contains(Advice.Admin.MAINTENANCE);
    }

    // ---------------------------------------------------------------- the service

    private List<ServerKey> servers(int moment) {
        return service(moment).realServers().stream().map(RealServer::key).toList();
    }

    private long weightUp(int moment) {
        return servers(moment).stream()
                .filter(server -> well(server, moment))
                .mapToLong(server -> weight(server, moment))
                .sum();
    }

    boolean quorum() {
        boolean alpha = service(0).poolRules().alpha() || servers(0).stream().anyMatch(server -> !passing(server, 0));
        boolean held = !alpha;
        for (int i = 0; i < history.size(); i++) {
            PoolRules rules = service(i).poolRules();
            long all = service(i).realServers().stream()
                    .mapToLong(RealServer::weight)
                    .sum();
            long quorum = Math.max(1, Math.min(rules.quorum(), all));
            long hysteresis = rules.hysteresis() >= quorum ? quorum - 1 : rules.hysteresis();
            long up = weightUp(i);
            if (held && (up == 0 || up < quorum - hysteresis)) {
                held = false;
            } else if (!held && up >= quorum + hysteresis) {
                held = true;
            }
        }
        return held;
    }

    /** Returns the weights of those that serve, 0 for those that are there but get nothing. */
    Map<ServerKey, Integer> serving() {
        int now = history.size() - 1;
        PoolRules rules = service(now).poolRules();
        List<ServerKey> all = servers(now);
        List<ServerKey> counted =
                all.stream().filter(server -> !takenOut(server, now)).toList();
        List<ServerKey> failed = counted.stream()
                .filter(server -> failed(server, now).isPresent())
                .sorted(Comparator.comparing(server -> failed(server, now).orElseThrow()))
                .toList();
        List<ServerKey> open;
        if (!counted.isEmpty() && 100.0 * (counted.size() - failed.size()) / counted.size() < rules.panicThreshold()) {
            open = failed;
        } else {
            int out = counted.size() * rules.maxDepool() / 100;
            open = failed.subList(Math.min(out, failed.size()), failed.size());
        }
        Optional<RealServer> sorry = rules.sorryServer()
                .filter(server -> !quorum())
                .filter(server -> !all.contains(server.key())
                        || !(told(server.key(), now, false) || told(server.key(), now, true)));
        int turn = turn(all, open, now);
        Map<ServerKey, Integer> serving = new LinkedHashMap<>();
        for (ServerKey server : all) {
            boolean itsTurn = sorry.isEmpty() && server(server, now).priority() <= turn;
            boolean drains = told(server, now, true) || advice(server, now).contains(Advice.Admin.DRAIN);
            boolean inhibits = rules.inhibitOnFailure() || server(server, now).inhibitOnFailure();
            boolean usual = well(server, now) && (itsTurn || drains);
            if (usual || (open.contains(server) && itsTurn)) {
                serving.put(server, weight(server, now));
            } else if (!up(server, now) && inhibits && !told(server, now, false)) {
                serving.put(server, 0);
            }
        }
        sorry.ifPresent(server -> serving.put(server.key(), server.weight()));
        return serving;
    }

    private int turn(List<ServerKey> all, List<ServerKey> open, int now) {
        int turn = Integer.MAX_VALUE;
        for (ServerKey server : all) {
            if (well(server, now) && weight(server, now) > 0) {
                turn = Math.min(turn, server(server, now).priority());
            }
        }
        if (turn < Integer.MAX_VALUE) {
            return turn;
        }
        for (ServerKey server : open) {
            if (weight(server, now) > 0) {
                turn = Math.min(turn, server(server, now).priority());
            }
        }
        return turn;
    }
}
