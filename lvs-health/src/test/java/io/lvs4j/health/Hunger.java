package io.lvs4j.health;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/** Uses up the descriptors of this process. */
final class Hunger {
    private static final Path NOTHING = Path.of("/dev/null");

    private final Deque<InputStream> taken = new ArrayDeque<>();

    void takeAll() {
        try {
            while (true) {
                taken.add(Files.newInputStream(NOTHING));
            }
        } catch (IOException e) {
            // none left
        }
    }

    /** @throws IOException if somebody else has closed one of them */
    void giveBack(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            taken.remove().close();
        }
    }

    /** @throws IOException if somebody else has closed one of them */
    void giveAllBack() throws IOException {
        giveBack(taken.size());
    }
}
