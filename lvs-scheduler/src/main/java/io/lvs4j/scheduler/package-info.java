/** The scheduling algorithms, the decision engine that asks them, and the headless backend. */
@NullMarked
package io.lvs4j.scheduler;

import org.jspecify.annotations.NullMarked;
