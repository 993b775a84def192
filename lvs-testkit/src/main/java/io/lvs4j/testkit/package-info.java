/** The backend contract as an abstract test class, and a clock that moves only when told. */
@NullMarked
package io.lvs4j.testkit;

import org.jspecify.annotations.NullMarked;
