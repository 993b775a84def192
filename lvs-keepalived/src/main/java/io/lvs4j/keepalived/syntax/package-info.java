/**
 * The language of keepalived.conf: text, and what it consists of, without regard to what the words mean. Start at
 * {@link io.lvs4j.keepalived.syntax.ConfigParser}, and at {@link io.lvs4j.keepalived.syntax.ConfigWriter} for the way back.
 *
 * <p>Files go through steps, each of which keeps where its text came from: {@code Includes} opens them and {@code FileLines} reads their
 * lines, {@code Comments} takes comments away, {@code Preprocessor} leaves out lines of other hosts ({@code @id}), puts {@code
 * Definitions} ({@code $name}) in their places and {@code Repeat}s sequences and lists, {@code Lexer} makes tokens, {@code Braces} puts
 * braces in order that are not, and {@code TreeBuilder} makes a {@link io.lvs4j.keepalived.syntax.ConfigTree} of them. What is wrong is told
 * as a {@link io.lvs4j.keepalived.syntax.Diagnostic}, never thrown. What differs from keepalived is said in the step that does it.
 */
@NullMarked
package io.lvs4j.keepalived.syntax;

import org.jspecify.annotations.NullMarked;
