package io.lvs4j.health;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A process that starts a program with so few descriptors that they would run out midway, and prints what comes of it. */
final class HungryStarter {
    private static final int TOO_FEW = 8;

    private HungryStarter() {}

    public static void main(String[] none) throws IOException, InterruptedException {
        ProcessBuilder program = new ProcessBuilder("/bin/true").redirectInput(new File("/dev/null"));
        System.out.println("before: " + ProcessGroup.start(program).waitFor());
        Hunger hunger = new Hunger();
        for (int free = 0; free <= TOO_FEW; free++) {
            hunger.takeAll();
            hunger.giveBack(free);
            try {
                System.out.println("meanwhile: " + ProcessGroup.start(program).waitFor());
            } catch (IOException e) {
                System.out.println("with " + free + ": " + Wording.of(e));
            }
        }
        hunger.giveAllBack();
        System.out.println("standard input: " + (Files.exists(Path.of("/proc/self/fd/0")) ? "open" : "closed"));
        System.out.println("thereafter: " + ProcessGroup.start(program).waitFor());
    }
}
