package io.lvs4j.health;

import io.lvs4j.check.CheckResult;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** Collects the body of a page, which {@link ReadLimit} bounds, and judges it: first the digest, then the pattern. */
final class HttpBody {
    private final HttpPage page;
    private final int status;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    HttpBody(HttpPage page, int status) {
        this.page = page;
        this.status = status;
    }

    void add(ByteBuf part) {
        byte[] copy = new byte[part.readableBytes()];
        part.readBytes(copy);
        bytes.writeBytes(copy);
    }

    CheckResult judge() {
        String expected = page.url().digest().orElse("");
        String actual = expected.isEmpty() ? "" : md5(bytes.toByteArray());
        if (!actual.equals(expected)) {
            return CheckResult.failed("digest", actual + " of " + bytes.size() + " bytes (expected: " + expected + ")");
        }
        Pattern regex = page.regex();
        if (regex != null) {
            BoundedSearch.Outcome found = BoundedSearch.of(regex, bytes.toString(StandardCharsets.UTF_8));
            if (found != BoundedSearch.Outcome.FOUND) {
                return CheckResult.failed(
                        "regex", found + " in " + bytes.size() + " bytes (expected: " + regex.pattern() + ")");
            }
        }
        return CheckResult.passed("status " + status + ", " + bytes.size() + " bytes as expected");
    }

    private static String md5(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This JVM has no MD5, which every Java platform must have", e);
        }
    }
}
