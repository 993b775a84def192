package io.lvs4j.keepalived;

import io.lvs4j.keepalived.Keyword.Form;
import io.lvs4j.keepalived.Keyword.Repeat;
import io.lvs4j.keepalived.syntax.Block;
import io.lvs4j.keepalived.syntax.Position;
import io.lvs4j.keepalived.syntax.Statement;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The keywords that may stand in a kind of block. Immutable.
 *
 * <pre>{@code
 * static final Keywords<Server> TABLE = Keywords.<Server>in("real_server")
 *         .value("weight", Value.integer(0, 65535), (server, weight) -> server.weight = weight)
 *         .flag("alpha", server -> server.alpha = true)
 *         .block("TCP_CHECK", CheckKeywords.TCP, Server::newCheck, Server::add)
 *         .build();
 * }</pre>
 *
 * @param <T> what such a block is read into
 */
final class Keywords<T> {
    private final String block;
    private final Map<String, Keyword<T>> byName;
    private final Map<String, String> aliases;

    private Keywords(String block, Map<String, Keyword<T>> byName, Map<String, String> aliases) {
        this.block = block;
        this.byName = Collections.unmodifiableMap(new LinkedHashMap<>(byName));
        this.aliases = Map.copyOf(aliases);
    }

    /** {@return a builder of the keywords of a block; the empty name is outside of all} */
    static <T> Builder<T> in(String block) {
        return new Builder<>(block);
    }

    Set<String> names() {
        return byName.keySet();
    }

    /** {@return where these keywords stand, as words of a sentence} */
    String place() {
        return block.isEmpty() ? "outside of a block" : "in " + block;
    }

    /** Adds to each keyword the blocks in which it may stand, of this table and those below. */
    void addHomes(Map<String, Set<String>> homes, Set<Keywords<?>> done) {
        if (!done.add(this)) {
            return;
        }
        for (Keyword<T> each : byName.values()) {
            homes.computeIfAbsent(each.name(), name -> new TreeSet<>()).add(block.isEmpty() ? "no block" : block);
            each.child().ifPresent(table -> table.addHomes(homes, done));
        }
    }

    /** Reads the statements of a block into a draft. */
    void read(List<Statement> statements, T into, Reading reading) {
        Map<String, Position> first = new HashMap<>();
        for (Statement statement : statements) {
            Arguments arguments = new Arguments(statement, reading);
            Keyword<T> keyword = find(arguments);
            if (keyword == null) {
                continue;
            }
            Position earlier = first.putIfAbsent(keyword.name(), arguments.at());
            if (earlier != null && keyword.repeat() == Repeat.REFUSED) {
                reading.corrected(
                        "duplicate",
                        arguments.at(),
                        keyword.name() + " is there twice (expected: once)",
                        "the first one, at " + earlier + ", counts");
                continue;
            }
            if (earlier != null && keyword.repeat() == Repeat.LAST_COUNTS) {
                reading.warning(
                        "duplicate",
                        arguments.at(),
                        keyword.name() + " is there twice, first at " + earlier
                                + " (expected: once; the last one counts)");
            }
            keyword.read(into, arguments);
        }
    }

    private @Nullable Keyword<T> find(Arguments arguments) {
        String word = arguments.keyword();
        Keyword<T> keyword = byName.get(word);
        if (keyword != null) {
            return keyword;
        }
        Reading reading = arguments.reading();
        String meant = aliases.get(word);
        if (meant == null) {
            reading.unknown(word, arguments.at(), this);
            return null;
        }
        String message = word + " is no keyword " + place();
        if (!reading.lenient()) {
            reading.error("unknown-keyword", arguments.at(), message, "did you mean " + meant + "?");
            return null;
        }
        reading.warning("unknown-keyword", arguments.at(), message + ", and is read as " + meant, "write " + meant);
        return byName.get(meant);
    }

    /** Takes what a block has been read into. */
    @FunctionalInterface
    interface End<T, C> {
        void take(T into, C child, Arguments arguments);
    }

    /** Collects keywords. What has no verb of its own (alias, once, ...) says something about the keyword before it. Not thread-safe. */
    static final class Builder<T> {
        private final String block;
        private final Map<String, Keyword<T>> byName = new LinkedHashMap<>();
        private final Map<String, String> aliases = new HashMap<>();
        private String last = "";

        private Builder(String block) {
            this.block = block;
        }

        private Builder<T> add(Keyword<T> keyword) {
            last = keyword.name();
            if (byName.put(last, keyword) != null) {
                throw new IllegalStateException("keyword: " + last + " (expected: once in " + block + ")");
            }
            return this;
        }

        private Builder<T> add(
                String name,
                int least,
                int most,
                Form form,
                Repeat repeat,
                Keyword.Handler<T> handler,
                @Nullable Keywords<?> child) {
            return add(new Keyword<>(
                    name,
                    least,
                    most,
                    form,
                    repeat,
                    handler,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.ofNullable(child)));
        }

        /** Adds a keyword with so many values, which the handler looks at. */
        Builder<T> words(String name, int least, int most, Keyword.Handler<T> handler) {
            return add(name, least, most, Form.LINE, Repeat.LAST_COUNTS, handler, null);
        }

        /** Adds a keyword without a value. */
        Builder<T> flag(String name, Consumer<T> set) {
            return words(name, 0, 0, (into, arguments) -> set.accept(into));
        }

        /** Adds a keyword that alone means yes, and may be followed by yes or no. */
        Builder<T> bool(String name, BiConsumer<T, Boolean> set) {
            return words(name, 0, 1, (into, arguments) -> {
                if (arguments.count() == 0) {
                    set.accept(into, true);
                } else {
                    arguments.value(0, Value.bool()).ifPresent(value -> set.accept(into, value));
                }
            });
        }

        /** Adds a keyword with one value. */
        <V> Builder<T> value(String name, Value<V> form, BiConsumer<T, V> set) {
            return words(
                    name,
                    1,
                    1,
                    (into, arguments) -> arguments.value(0, form).ifPresent(value -> set.accept(into, value)));
        }

        /**
         * Adds a keyword with a block of keywords.
         *
         * @param begin returns what the block is read into; empty = the block is left out, and why has been told
         * @param end takes it when it has been read
         */
        <C> Builder<T> block(
                String name,
                int least,
                int most,
                Keywords<C> table,
                BiFunction<T, Arguments, Optional<C>> begin,
                End<T, C> end) {
            Keyword.Handler<T> handler = (into, arguments) -> {
                Optional<C> child = begin.apply(into, arguments);
                arguments
                        .statement()
                        .block()
                        .map(Block::statements)
                        .ifPresent(statements -> child.ifPresent(draft -> {
                            table.read(statements, draft, arguments.reading());
                            end.take(into, draft, arguments);
                        }));
            };
            return add(name, least, most, Form.BLOCK, Repeat.ADDS, handler, table);
        }

        /** Adds a keyword with a block of lines that do not begin with keywords. */
        Builder<T> lines(String name, int least, int most, Keyword.Handler<T> handler) {
            return add(name, least, most, Form.BLOCK, Repeat.ADDS, handler, null);
        }

        /** Lets the last keyword be there several times, each adding something. */
        Builder<T> adds() {
            return change(last().with(Repeat.ADDS));
        }

        /** Refuses the last keyword where it is there a second time. */
        Builder<T> once() {
            return change(last().with(Repeat.REFUSED));
        }

        /** Says why the last keyword is not carried out, or what is done instead. */
        Builder<T> notCarriedOut(String why) {
            return change(last().withNote(why));
        }

        /** Says what to write instead of the last keyword, which keepalived reads without an error. */
        Builder<T> deprecated(String instead) {
            return change(last().with(new Keyword.Deprecation(instead, false)));
        }

        /** Says what to write instead of the last keyword, which keepalived reads and calls an error. */
        Builder<T> refused(String instead) {
            return change(last().with(new Keyword.Deprecation(instead, true)));
        }

        /** Names words that are often written for the last keyword; lenient mode reads them. */
        Builder<T> alias(String... words) {
            for (String word : words) {
                aliases.put(word, last);
            }
            return this;
        }

        private Keyword<T> last() {
            return Objects.requireNonNull(byName.get(last), "no keyword before it");
        }

        private Builder<T> change(Keyword<T> keyword) {
            byName.put(last, keyword);
            return this;
        }

        Keywords<T> build() {
            return new Keywords<>(block, byName, aliases);
        }
    }
}
