/** The contracts of backends and schedulers as abstract test classes, and a clock that moves only when told. */
@NullMarked
package io.lvs4j.testkit;

import org.jspecify.annotations.NullMarked;
