package io.lvs4j.benchmarks;

/**
 * A table that says which server a client belongs to, as the benchmarks see it. To measure another table, write a class for
 * it and give it a line in {@link #of}.
 */
interface ClientTable {
    /** Finds the server of an IPv4 client; null if the table does not have the client. */
    Object find(long client);

    /** Gives a client a server. */
    void put(long client, Object server);

    /** Opens and ends a connection of a client whom the table has. The same as to find it where no connections are counted. */
    default Object connect(long client) {
        return find(client);
    }

    /** Returns a table by its name, with room for so many clients. */
    static ClientTable of(String name, int clients) {
        return switch (name) {
            case "lvs4j" -> new TemplateTable(clients);
            case "caffeine-expiry" -> CaffeineTable.variableExpiry(clients);
            case "caffeine-access" -> CaffeineTable.expireAfterAccess(clients);
            case "concurrent-hash-map" -> new PlainTable();
            default -> throw new IllegalArgumentException("table: " + name);
        };
    }
}
