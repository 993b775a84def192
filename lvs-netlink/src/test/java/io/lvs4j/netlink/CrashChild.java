package io.lvs4j.netlink;

import io.lvs4j.Director;
import io.lvs4j.testkit.ManualTime;

/** The process that is killed: a director that takes a table over and changes it. */
final class CrashChild {
    static final int FAILED = 3;

    private CrashChild() {}

    /** Wants the file of the director's namespace, the number of a {@link CrashScene}, and whether to change it. */
    public static void main(String[] args) {
        CrashScene scene = new CrashScene(Integer.parseInt(args[1]));
        Director director = CrashScene.director(() -> Ipvs.open(args[0]), new ManualTime());
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
}
