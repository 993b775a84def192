/** The health monitor (timing, retry, rise and fall) and one Netty probe per kind of check. */
@NullMarked
package io.lvs4j.health;

import org.jspecify.annotations.NullMarked;
