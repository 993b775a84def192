/** Runnable mains: demos, and the command that acceptance tests drive. */
@NullMarked
package io.lvs4j.examples;

import org.jspecify.annotations.NullMarked;
