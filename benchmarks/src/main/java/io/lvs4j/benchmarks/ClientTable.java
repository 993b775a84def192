package io.lvs4j.benchmarks;

/**
 * A table that says which server a client belongs to, as the benchmarks see it. To measure another table, write a class for
 * it and give it a line in {@link #of}.
 */
interface ClientTable {
    /** Finds the server of an IPv4 client, and lets its timeout begin anew; null if the table does not have the client. */
    Object find(long client);

    /** Gives a client a server. */
    void put(long client, Object server);

    /** Returns how many clients fit, if that is fewer than this. */
    default int capacity(int wanted) {
        return wanted;
    }

    /** Returns a table by its name, with room for so many clients. */
    static ClientTable of(String name, int clients) {
        return switch (name) {
            case "lvs4j" -> new EngineTable();
            case "caffeine-expiry" -> CaffeineTable.variableExpiry(clients);
            case "caffeine-access" -> CaffeineTable.expireAfterAccess(clients);
            case "concurrent-hash-map" -> new PlainTable();
            default -> throw new IllegalArgumentException("table: " + name);
        };
    }
}
