/** The Netty backend: carries TCP and UDP connections to real servers on event loops of this JVM. */
@NullMarked
package io.lvs4j.netty;

import org.jspecify.annotations.NullMarked;
