package io.lvs4j.health;

import io.lvs4j.check.Tls;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Tells who vouches for certificates. Thread-safe. */
final class Trust {
    private @Nullable TrustManagerFactory trusted; // guarded by this

    /** @param trusted the user's choice; null = whom the JVM trusts, looked up when first needed */
    Trust(@Nullable TrustManagerFactory trusted) {
        this.trusted = trusted;
    }

    synchronized TrustManagerFactory of(Tls tls) {
        if (tls == Tls.INSECURE) {
            return InsecureTrustManagerFactory.INSTANCE;
        }
        TrustManagerFactory current = trusted;
        if (current == null) {
            current = jvmTrust();
            trusted = current;
        }
        return current;
    }

    private static TrustManagerFactory jvmTrust() {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            return factory;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The JVM's trusted certificates cannot be read", e);
        }
    }
}
