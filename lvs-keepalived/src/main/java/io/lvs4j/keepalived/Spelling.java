package io.lvs4j.keepalived;

import java.util.Collection;
import java.util.Optional;

/** Finds the word that was perhaps meant. */
final class Spelling {
    private static final int LONGEST = 64;

    private Spelling() {}

    /** {@return the known word that is nearest to a text, if a third of its letters or fewer differ} */
    static Optional<String> nearest(String text, Collection<String> known) {
        if (text.length() > LONGEST) {
            return Optional.empty();
        }
        String best = null;
        int least = Integer.MAX_VALUE;
        for (String each : known) {
            int most = Math.min(least - 1, Math.max(1, each.length() / 3));
            if (Math.abs(text.length() - each.length()) > most) {
                continue;
            }
            int distance = distance(text, each, most);
            if (distance <= most) {
                best = each;
                least = distance;
            }
        }
        return Optional.ofNullable(best);
    }

    /** Levenshtein's distance, two neighbours that have changed places counting as one; or more than the most, if it is more. */
    static int distance(String a, String b, int most) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            int least = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(changed, 1 + Math.min(last[j], row[j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
                least = Math.min(least, row[j]);
            }
            if (least > most) {
                return least; // no row after it has less
            }
            int[] free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
        }
        return last[b.length()];
    }
}
