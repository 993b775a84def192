package io.lvs4j.examples;

/** The command line of {@code lvs.jar}. */
public final class Lvs {

    private Lvs() {}

    /**
     * Runs one command.
     *
     * @param args the command and its options
     */
    public static void main(String[] args) {
        System.out.println("usage: lvs demo");
    }
}
