package io.lvs4j.keepalived.syntax;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a configuration is read with, beside its files.
 *
 * @param configId the word that lines beginning with {@code @word} are kept for, and {@code ${_INSTANCE}}; keepalived's option {@code -i},
 *     which is the host's name up to the first dot if it is not given. Empty = it is equal to no word.
 * @param definitions definitions by their names, without {@code $}, as if they stood before the first line
 * @param randomSeed where {@code ${_RANDOM}} begins; empty = other numbers each time
 * @param limits how much is read
 * @param demands what every include must fulfil, whatever {@code include_check} says
 */
public record ParseOptions(
        Optional<String> configId,
        Map<String, String> definitions,
        OptionalLong randomSeed,
        ParseLimits limits,
        Set<IncludeDemand> demands) {
    /** No id, no definitions, the default limits, no demands. */
    public static final ParseOptions DEFAULT =
            new ParseOptions(Optional.empty(), Map.of(), OptionalLong.empty(), ParseLimits.DEFAULT, Set.of());

    /** Copies the definitions and demands, and requires that they can be named. */
    public ParseOptions {
        Objects.requireNonNull(configId, "configId");
        Objects.requireNonNull(randomSeed, "randomSeed");
        Objects.requireNonNull(limits, "limits");
        definitions = Map.copyOf(definitions);
        demands = Set.copyOf(demands);
        for (String name : definitions.keySet()) {
            if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
                throw new IllegalArgumentException(
                        "definitions: " + name + " (expected: letters, digits and _, beginning with no digit)");
            }
        }
    }

    /**
     * {@return the same with another id}
     *
     * @param id it
     */
    public ParseOptions withConfigId(String id) {
        return new ParseOptions(Optional.of(id), definitions, randomSeed, limits, demands);
    }

    /**
     * {@return the same with other definitions}
     *
     * @param values them by their names, without {@code $}
     */
    public ParseOptions withDefinitions(Map<String, String> values) {
        return new ParseOptions(configId, values, randomSeed, limits, demands);
    }

    /**
     * {@return the same with random numbers that can be repeated}
     *
     * @param seed where they begin
     */
    public ParseOptions withRandomSeed(long seed) {
        return new ParseOptions(configId, definitions, OptionalLong.of(seed), limits, demands);
    }

    /**
     * {@return the same with other limits}
     *
     * @param other them
     */
    public ParseOptions withLimits(ParseLimits other) {
        return new ParseOptions(configId, definitions, randomSeed, other, demands);
    }

    /**
     * {@return the same with other demands of includes}
     *
     * @param other them
     */
    public ParseOptions withDemands(Set<IncludeDemand> other) {
        return new ParseOptions(configId, definitions, randomSeed, limits, other);
    }
}
