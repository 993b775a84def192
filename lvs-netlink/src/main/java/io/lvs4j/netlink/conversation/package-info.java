/**
 * A conversation with the kernel over netlink, whatever it is about: requests with their outcomes, lists, batches. Start at
 * {@link io.lvs4j.netlink.conversation.Conversation}; what is said in it is made and read in {@code genl} and {@code route}.
 */
@NullMarked
package io.lvs4j.netlink.conversation;

import org.jspecify.annotations.NullMarked;
