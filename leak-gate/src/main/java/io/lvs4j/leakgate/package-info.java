/** Fails a test run that leaks a Netty buffer; being on the test class path is enough. */
@NullMarked
package io.lvs4j.leakgate;

import org.jspecify.annotations.NullMarked;
