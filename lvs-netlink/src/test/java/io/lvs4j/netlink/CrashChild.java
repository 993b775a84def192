package io.lvs4j.netlink;

import io.lvs4j.Director;
import io.lvs4j.netlink.socket.NetworkNamespace;
import io.lvs4j.testkit.ManualTime;
import java.io.IOException;
import java.util.Optional;

/** The process that is killed: a director that takes a table over and changes it. It writes what it changes. */
final class CrashChild {
    static final int FAILED = 3;

    /** Sends of one who is not to be killed. */
    static final int FOR_EVER = Integer.MAX_VALUE;

    private CrashChild() {}

    /**
     * Wants the file of the director's namespace, the number of a {@link CrashScene}, whether to change it, and after how many
     * sends, of one message each, to kill itself.
     */
    public static void main(String[] args) {
        CrashScene scene = new CrashScene(Integer.parseInt(args[1]));
        int sends = Integer.parseInt(args[3]);
        Director director = CrashScene.director(
                () -> sends == FOR_EVER ? Ipvs.open(args[0]) : mortal(args[0], sends), new ManualTime());
        try {
            director.apply(scene.before());
            if (Boolean.parseBoolean(args[2])) {
                director.apply(scene.after());
            }
            Runtime.getRuntime().halt(0);
        } catch (RuntimeException e) {
            System.out.println(e);
            Runtime.getRuntime().halt(FAILED);
        }
    }

    private static Ipvs mortal(String namespace, int sends) {
        TappedChannel channel = NetworkNamespace.call(namespace, TappedChannel::new)
                .messagesApart()
                .telling(System.out::println)
                .killedAfter(sends, CrashChild::kill);
        return Ipvs.open(() -> channel, Optional.empty());
    }

    private static void kill() {
        try {
            Command.run("kill", "-KILL", String.valueOf(ProcessHandle.current().pid()));
            throw new IllegalStateException("not killed");
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
