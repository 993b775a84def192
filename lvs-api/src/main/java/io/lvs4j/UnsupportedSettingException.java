package io.lvs4j;

/** A description asks for something that the chosen backend cannot do. Thrown before anything changes. */
public class UnsupportedSettingException extends BackendException {
    private static final long serialVersionUID = 1L;

    private final String setting;

    /**
     * Creates an exception.
     *
     * @param setting the setting, such as {@code forwarding}
     * @param value its value
     * @param backend the backend's name
     * @param expected what the backend can do
     * @param service the service's key
     */
    public UnsupportedSettingException(
            String setting, String value, String backend, String expected, ServiceKey service) {
        super(
                "add",
                service.toString(),
                setting + ": " + value + " (expected: " + expected + " on the " + backend + " backend)",
                null);
        this.setting = setting;
    }

    /** {@return the setting} */
    public String setting() {
        return setting;
    }
}
