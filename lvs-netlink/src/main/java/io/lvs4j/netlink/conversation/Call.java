package io.lvs4j.netlink.conversation;

import io.lvs4j.netlink.wire.MessageWriter;
import java.util.function.Consumer;

/**
 * One message to the kernel.
 *
 * @param type the message's type, or the number of a generic netlink family
 * @param flags {@code NLM_F_*} that say how it is to be done; those that ask for answers are added
 * @param body writes what follows {@code struct nlmsghdr}
 */
public record Call(int type, int flags, Consumer<MessageWriter> body) {}
