package io.lvs4j.health;

import io.lvs4j.check.Advice;
import io.lvs4j.check.CheckResult;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a line of an agent means; {@link io.lvs4j.check.AgentCheck} has the words. Not thread-safe. */
final class AgentAnswer {
    static final String PHASE = "agent";

    private static final Pattern SEPARATORS = Pattern.compile("[ \t\r,]+");
    private static final Pattern WEIGHT = Pattern.compile("(weight:)?([0-9]{1,5})(%?)");
    private static final Pattern MAXCONN = Pattern.compile("maxconn:[0-9]{1,10}");

    private final String line;
    private boolean understood; // at least one word
    private boolean down;
    private boolean maxconn;
    private Advice.@Nullable Admin admin;
    private @Nullable Advice weight;

    private AgentAnswer(String line) {
        this.line = line;
    }

    static CheckResult of(String line) {
        return new AgentAnswer(line).read();
    }

    private CheckResult read() {
        int description = line.indexOf('#');
        String words = description < 0 ? line : line.substring(0, description);
        for (String word : SEPARATORS.split(words)) {
            if (!word.isEmpty() && !read(word.toLowerCase(Locale.ROOT))) {
                return CheckResult.inconclusive("agent: not understood: " + Wording.said(line.strip()));
            }
        }
        if (!understood) {
            return CheckResult.inconclusive("agent: said nothing");
        }
        String said = Wording.said(line.strip()) + (maxconn ? " (maxconn is not carried out)" : "");
        if (down) {
            return CheckResult.failed(PHASE, said);
        }
        Advice advice = admin == null ? weight : admin;
        return advice == null ? CheckResult.passed(said) : CheckResult.passed(said, advice);
    }

    private boolean read(String word) {
        understood = true;
        switch (word) {
            case "up" -> down = false;
            case "down", "fail", "stopped" -> down = true;
            case "ready" -> admin = null;
            case "drain" -> admin = Advice.Admin.DRAIN;
            case "maint" -> admin = Advice.Admin.MAINTENANCE;
            default -> {
                return readNumber(word);
            }
        }
        return true;
    }

    private boolean readNumber(String word) {
        if (MAXCONN.matcher(word).matches()) {
            maxconn = true;
            return true;
        }
        Matcher matcher = WEIGHT.matcher(word);
        boolean percent = word.endsWith("%");
        if (!matcher.matches() || !(percent || word.startsWith("weight:"))) {
            return false;
        }
        int value = Integer.parseInt(matcher.group(2));
        try {
            weight = percent ? new Advice.Percent(value) : new Advice.Weight(value);
        } catch (IllegalArgumentException e) {
            return false; // out of range
        }
        return true;
    }
}
