package io.lvs4j.keepalived;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What generators of configurations have in common: chance, and lines that are indented by the blocks around them. */
abstract class RandomConfig {
    final Random random;
    final List<String> lines = new ArrayList<>();
    private int depth;

    RandomConfig(long seed) {
        random = new Random(seed);
    }

    final void open(String text) {
        line(text + " {");
        depth++;
    }

    final void close() {
        depth--;
        line("}");
    }

    final void line(String text) {
        lines.add("    ".repeat(depth) + text);
    }

    /** Adds a line once in four times. */
    final void maybe(String text) {
        if (random.nextInt(4) == 0) {
            line(text);
        }
    }

    final int number(int least, int most) {
        return least + random.nextInt(most - least + 1);
    }

    final String pick(String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
