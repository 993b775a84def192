package io.lvs4j.keepalived;

/** What a virtual router's scripts are run for. */
public enum RouterEvent {
    /** It becomes master. */
    MASTER("notify_master"),
    /** It becomes backup. */
    BACKUP("notify_backup"),
    /** It cannot be either. */
    FAULT("notify_fault"),
    /** It is stopped. */
    STOP("notify_stop"),
    /** A reload takes it away. */
    DELETED("notify_deleted"),
    /** As master it hears another one of lower priority. */
    LOWER_PRIORITY_MASTER("notify_master_rx_lower_pri"),
    /** Any of these; the script is told what, of whom, which state and which priority. */
    ANY("notify");

    private final String keyword;

    RouterEvent(String keyword) {
        this.keyword = keyword;
    }

    /** {@return its keyword} */
    public String keyword() {
        return keyword;
    }
}
