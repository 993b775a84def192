/**
 * What a keepalived.conf means: {@link io.lvs4j.keepalived.KeepalivedConfig} reads one into virtual services that a director can run, and
 * tells all that is wrong with it.
 *
 * <p>How the parts meet: {@link io.lvs4j.keepalived.syntax} makes a tree of the text. A table of keywords for each kind of block ({@code
 * Keywords}, one class per block: {@code RootKeywords}, {@code VirtualServerKeywords}, {@code RealServerKeywords}, ...) says which words
 * may stand there, what values they have, and into which draft they are read. When the whole file is read, what a block inherits from the
 * one around it is resolved, keepalived's rules about the whole are looked at ({@code VirtualServerRules}), and drafts become records.
 * To add a keyword, add a line to the table of its block; to add a block, write a table and name it in the table of the block around it.
 */
@NullMarked
package io.lvs4j.keepalived;

import org.jspecify.annotations.NullMarked;
