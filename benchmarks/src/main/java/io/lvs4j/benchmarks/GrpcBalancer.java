package io.lvs4j.benchmarks;

import io.grpc.Attributes;
import io.grpc.ChannelLogger;
import io.grpc.ConnectivityState;
import io.grpc.ConnectivityStateInfo;
import io.grpc.EquivalentAddressGroup;
import io.grpc.LoadBalancer;
import io.grpc.LoadBalancer.CreateSubchannelArgs;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import io.grpc.LoadBalancer.ResolvedAddresses;
import io.grpc.LoadBalancer.Subchannel;
import io.grpc.LoadBalancer.SubchannelPicker;
import io.grpc.LoadBalancer.SubchannelStateListener;
import io.grpc.LoadBalancerProvider;
import io.grpc.ManagedChannel;
import io.grpc.NameResolver;
import io.grpc.SynchronizationContext;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.IntStream;

/** One of gRPC's real load balancers with n servers that are connected at once, without a network. */
final class GrpcBalancer extends LoadBalancer.Helper {
    private final SynchronizationContext context = new SynchronizationContext((thread, e) -> {
        throw new IllegalStateException(e);
    });
    private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "grpc-timers");
        thread.setDaemon(true);
        return thread;
    });
    private final LoadBalancer balancer;
    private int connected;
    private ConnectivityState state = ConnectivityState.IDLE;
    private SubchannelPicker picker;

    GrpcBalancer(LoadBalancerProvider provider, Map<String, ?> config, int n) {
        NameResolver.ConfigOrError parsed = provider.parseLoadBalancingPolicyConfig(config);
        if (parsed.getError() != null) {
            throw new IllegalArgumentException(parsed.getError().toString());
        }
        balancer = provider.newLoadBalancer(this);
        List<EquivalentAddressGroup> addresses = IntStream.range(0, n)
                .mapToObj(i -> new EquivalentAddressGroup(
                        InetSocketAddress.createUnresolved("10.9." + i / 250 + "." + (1 + i % 250), 8000)))
                .toList();
        context.execute(() -> balancer.acceptResolvedAddresses(ResolvedAddresses.newBuilder()
                .setAddresses(addresses)
                .setLoadBalancingPolicyConfig(parsed.getConfig())
                .build()));
    }

    /** Returns the picker, after as many picks as it takes to connect all servers; some balancers connect on demand. */
    SubchannelPicker picker(int n, PickSubchannelArgs[] arguments) {
        for (int i = 0; i < 1_000_000 && connected < n; i++) {
            picker.pickSubchannel(arguments[i % arguments.length]);
        }
        if (state != ConnectivityState.READY || connected < n / 2) {
            throw new IllegalStateException(balancer + ": " + state + ", " + connected + " of " + n + " connected");
        }
        return picker;
    }

    @Override
    public void updateBalancingState(ConnectivityState newState, SubchannelPicker newPicker) {
        state = newState;
        picker = newPicker;
    }

    @Override
    public Subchannel createSubchannel(CreateSubchannelArgs args) {
        return new Connected(args);
    }

    @Override
    public SynchronizationContext getSynchronizationContext() {
        return context;
    }

    @Override
    public ScheduledExecutorService getScheduledExecutorService() {
        return timers;
    }

    @Override
    public ManagedChannel createOobChannel(EquivalentAddressGroup addresses, String authority) {
        throw new UnsupportedOperationException();
    }

    @Override
    public String getAuthority() {
        return "benchmark";
    }

    @Override
    public ChannelLogger getChannelLogger() {
        return new ChannelLogger() {
            @Override
            public void log(ChannelLogLevel level, String message) {}

            @Override
            public void log(ChannelLogLevel level, String format, Object... args) {}
        };
    }

    /** A server that is connected as soon as that is asked for. */
    private final class Connected extends Subchannel {
        private final CreateSubchannelArgs args;
        private SubchannelStateListener listener = info -> {};
        private boolean counted;

        Connected(CreateSubchannelArgs args) {
            this.args = args;
        }

        @Override
        public void start(SubchannelStateListener newListener) {
            listener = newListener;
        }

        @Override
        public void requestConnection() {
            if (!counted) {
                counted = true;
                connected++;
                context.execute(this::ready);
            }
        }

        private void ready() {
            ConnectivityStateInfo ready = ConnectivityStateInfo.forNonError(ConnectivityState.READY);
            listener.onSubchannelState(ready);
            SubchannelStateListener health = args.getOption(LoadBalancer.HEALTH_CONSUMER_LISTENER_ARG_KEY);
            if (health != null) {
                health.onSubchannelState(ready);
            }
        }

        @Override
        public List<EquivalentAddressGroup> getAllAddresses() {
            return args.getAddresses();
        }

        @Override
        public Attributes getAttributes() {
            return args.getAttributes();
        }

        @Override
        public void shutdown() {}
    }
}
