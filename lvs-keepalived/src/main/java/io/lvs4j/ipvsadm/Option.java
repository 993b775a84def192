package io.lvs4j.ipvsadm;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The options of ipvsadm 1.31: the commands, what they take, and what is known only to be refused. */
enum Option {
    ADD_SERVICE('A', "add-service", Kind.COMMAND),
    EDIT_SERVICE('E', "edit-service", Kind.COMMAND),
    DELETE_SERVICE('D', "delete-service", Kind.COMMAND),
    ADD_SERVER('a', "add-server", Kind.COMMAND),
    EDIT_SERVER('e', "edit-server", Kind.COMMAND),
    DELETE_SERVER('d', "delete-server", Kind.COMMAND),
    CLEAR('C', "clear", Kind.COMMAND),
    ZERO('Z', "zero", Kind.COMMAND),

    LIST('L', "list", Kind.OTHER_COMMAND),
    LIST_TOO('l', "", Kind.OTHER_COMMAND),
    SAVE('S', "save", Kind.OTHER_COMMAND),
    RESTORE('R', "restore", Kind.OTHER_COMMAND),
    SET('\0', "set", Kind.OTHER_COMMAND),
    START_DAEMON('\0', "start-daemon", Kind.OTHER_COMMAND),
    STOP_DAEMON('\0', "stop-daemon", Kind.OTHER_COMMAND),
    HELP('h', "help", Kind.OTHER_COMMAND),
    VERSION('v', "version", Kind.OTHER_COMMAND),

    TCP_SERVICE('t', "tcp-service", Kind.WITH_VALUE),
    UDP_SERVICE('u', "udp-service", Kind.WITH_VALUE),
    SCTP_SERVICE('\0', "sctp-service", Kind.WITH_VALUE),
    FWMARK_SERVICE('f', "fwmark-service", Kind.WITH_VALUE),
    IPV6('6', "ipv6", Kind.SWITCH),
    SCHEDULER('s', "scheduler", Kind.WITH_VALUE),
    PERSISTENT('p', "persistent", Kind.PERHAPS_WITH_VALUE),
    NETMASK('M', "netmask", Kind.WITH_VALUE),
    ENGINE('\0', "pe", Kind.WITH_VALUE),
    SCHED_FLAGS('b', "sched-flags", Kind.WITH_VALUE),
    OPS('o', "ops", Kind.SWITCH),
    REAL_SERVER('r', "real-server", Kind.WITH_VALUE),
    GATEWAYING('g', "gatewaying", Kind.SWITCH),
    IPIP('i', "ipip", Kind.SWITCH),
    MASQUERADING('m', "masquerading", Kind.SWITCH),
    WEIGHT('w', "weight", Kind.WITH_VALUE),
    U_THRESHOLD('x', "u-threshold", Kind.WITH_VALUE),
    L_THRESHOLD('y', "l-threshold", Kind.WITH_VALUE),
    TUN_TYPE('\0', "tun-type", Kind.WITH_VALUE),
    TUN_PORT('\0', "tun-port", Kind.WITH_VALUE),
    TUN_NOCSUM('\0', "tun-nocsum", Kind.SWITCH),
    TUN_CSUM('\0', "tun-csum", Kind.SWITCH),
    TUN_REMCSUM('\0', "tun-remcsum", Kind.SWITCH),

    NUMERIC('n', "numeric", Kind.SWITCH),
    CONNECTION('c', "connection", Kind.SWITCH),
    EXACT('X', "exact", Kind.SWITCH),
    TIMEOUT('\0', "timeout", Kind.SWITCH),
    DAEMON('\0', "daemon", Kind.SWITCH),
    STATS('\0', "stats", Kind.SWITCH),
    RATE('\0', "rate", Kind.SWITCH),
    THRESHOLDS('\0', "thresholds", Kind.SWITCH),
    PERSISTENT_CONN('\0', "persistent-conn", Kind.SWITCH),
    TUN_INFO('\0', "tun-info", Kind.SWITCH),
    SORT('\0', "sort", Kind.SWITCH),
    NOSORT('\0', "nosort", Kind.SWITCH),
    SYNCID('\0', "syncid", Kind.WITH_VALUE),
    SYNC_MAXLEN('\0', "sync-maxlen", Kind.WITH_VALUE),
    MCAST_INTERFACE('\0', "mcast-interface", Kind.WITH_VALUE),
    MCAST_GROUP('\0', "mcast-group", Kind.WITH_VALUE),
    MCAST_PORT('\0', "mcast-port", Kind.WITH_VALUE),
    MCAST_TTL('\0', "mcast-ttl", Kind.WITH_VALUE);

    /** What an option is. */
    enum Kind {
        /** A command that changes the table. */
        COMMAND,
        /** A command that does something else. */
        OTHER_COMMAND,
        /** An option without a value. */
        SWITCH,
        /** An option with a value, be it the next word. */
        WITH_VALUE,
        /** An option with a value, if the next word does not begin with {@code -}. */
        PERHAPS_WITH_VALUE
    }

    private static final Map<Character, Option> BY_LETTER = Arrays.stream(values())
            .filter(option -> option.letter != '\0')
            .collect(Collectors.toUnmodifiableMap(option -> option.letter, Function.identity()));
    private static final Map<String, Option> BY_NAME = Arrays.stream(values())
            .filter(option -> !option.longName.isEmpty())
            .collect(Collectors.toUnmodifiableMap(option -> option.longName, Function.identity()));

    private final char letter;
    private final String longName;
    private final Kind kind;

    Option(char letter, String longName, Kind kind) {
        this.letter = letter;
        this.longName = longName;
        this.kind = kind;
    }

    static Optional<Option> of(char letter) {
        return Optional.ofNullable(BY_LETTER.get(letter));
    }

    static Optional<Option> of(String longName) {
        return Optional.ofNullable(BY_NAME.get(longName));
    }

    Kind kind() {
        return kind;
    }

    boolean isCommand() {
        return kind == Kind.COMMAND || kind == Kind.OTHER_COMMAND;
    }

    /** Which options exclude each other; a group is called by its first. */
    Option group() {
        return switch (this) {
            case UDP_SERVICE, SCTP_SERVICE, FWMARK_SERVICE -> TCP_SERVICE;
            case IPIP, MASQUERADING -> GATEWAYING;
            case TUN_CSUM, TUN_REMCSUM -> TUN_NOCSUM;
            default -> this;
        };
    }

    /** Returns the option as it is mostly written, such as {@code -w} or {@code --tun-port}. */
    @Override
    public String toString() {
        return letter == '\0' ? "--" + longName : "-" + letter;
    }
}
