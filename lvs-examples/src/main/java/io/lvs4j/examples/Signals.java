package io.lvs4j.examples;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/**
 * Hears signals. The only way that Java has is {@code sun.misc.Signal} of the module {@code jdk.unsupported}, which is looked up by name
 * because the compiler warns of it in a way that cannot be switched off.
 */
final class Signals {
    private Signals() {}

    /**
     * Calls this for each signal of a name, such as {@code HUP}, on a thread of its own, in place of what was called before; returns
     * false if this Java cannot hear it.
     */
    static boolean on(String name, Runnable heard) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler call = (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                    heard.run();
                    return null;
                }
                return switch (method.getName()) {
                    case "equals" -> proxy == arguments[0];
                    case "hashCode" -> System.identityHashCode(proxy);
                    default -> name;
                };
            };
            signal.getMethod("handle", signal, handler)
                    .invoke(
                            null,
                            signal.getConstructor(String.class).newInstance(name),
                            Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, call));
            return true;
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            if (e instanceof InvocationTargetException wrapped && wrapped.getCause() instanceof Error error) {
                throw error;
            }
            return false; // started with -Xrs, or without that module
        }
    }
}
