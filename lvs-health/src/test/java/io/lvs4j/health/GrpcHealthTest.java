package io.lvs4j.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The messages by hand mean what protobuf's own code means by them. */
class GrpcHealthTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 127, 128, 1024})
    void aRequestNamesItsService(int length) throws Exception {
        String service = "s".repeat(length);
        ByteBuf request = GrpcHealth.request(service);

        assertThat(request.readByte()).as("not compressed").isZero();
        assertThat(request.readInt()).isEqualTo(request.readableBytes());
        assertThat(HealthCheckRequest.parseFrom(ByteBufUtil.getBytes(request)).getService())
                .isEqualTo(service);
    }

    @ParameterizedTest
    @EnumSource(value = ServingStatus.class, mode = EnumSource.Mode.EXCLUDE, names = "UNRECOGNIZED")
    void everyStatusIsKnownByItsName(ServingStatus status) {
        byte[] message =
                HealthCheckResponse.newBuilder().setStatus(status).build().toByteArray();

        assertThat(GrpcHealth.status(framed(message))).isEqualTo(status.name());
    }

    @Test
    void fieldsAndStatusesOfTheFutureAreNoError() {
        byte[] message = {0x10, 5, 0x1a, 2, 'h', 'i', 0x25, 1, 2, 3, 4, 0x29, 1, 2, 3, 4, 5, 6, 7, 8, 0x08, 1};

        assertThat(GrpcHealth.status(framed(message))).isEqualTo("SERVING");
        assertThat(GrpcHealth.status(framed(new byte[] {0x08, 77}))).isEqualTo("status 77");
    }

    @Test
    void whatIsNoMessageIsRefused() {
        assertThatThrownBy(() -> GrpcHealth.status(Unpooled.wrappedBuffer(new byte[] {0, 0, 0, 0})))
                .hasMessage("message: shorter than its framing (expected: HealthCheckResponse)");
        assertThatThrownBy(() -> GrpcHealth.status(Unpooled.wrappedBuffer(new byte[] {1, 0, 0, 0, 0})))
                .hasMessageContaining("compressed");
        assertThatThrownBy(() -> GrpcHealth.status(Unpooled.wrappedBuffer(new byte[] {0, 0, 0, 0, 9, 8, 1})))
                .hasMessageContaining("length");
        assertThatThrownBy(() -> GrpcHealth.status(framed(new byte[] {0x12, 0x7f, 1})))
                .hasMessageContaining("cut off");
    }

    @Property
    void anyBytesAreAStatusOrARefusal(@ForAll byte[] message) {
        try {
            assertThat(GrpcHealth.status(framed(message))).isNotEmpty();
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageStartingWith("message: ");
        }
    }

    private static ByteBuf framed(byte[] message) {
        return Unpooled.buffer().writeByte(0).writeInt(message.length).writeBytes(message);
    }
}
