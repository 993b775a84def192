package io.lvs4j.netlink.socket;

import java.util.Locale;

/** Says why the C library cannot be called. */
final class NativeAccess {
    private NativeAccess() {}

    static String remedy(LinkageError error) {
        String system = System.getProperty("os.name", "?");
        if (!system.toLowerCase(Locale.ROOT).contains("linux")) {
            return "native sockets: this is " + system + " (expected: Linux)";
        }
        return "native sockets: the C library cannot be called through JNA: " + error.getMessage()
                + " (expected: a directory for temporary files that allows execution, or -Djna.tmpdir=DIRECTORY; on JDK 24"
                + " and later --enable-native-access=com.sun.jna, or ALL-UNNAMED on the class path)";
    }
}
