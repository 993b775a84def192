package io.lvs4j.netlink.genl;

import io.lvs4j.netlink.wire.MessageWriter;
import java.util.function.Consumer;

/**
 * What is asked of a family.
 *
 * @param command the command, 0..255
 * @param body writes the attributes
 */
public record Request(int command, Consumer<MessageWriter> body) {
    /** {@return a request without attributes} */
    public static Request of(int command) {
        return new Request(command, writer -> {});
    }
}
