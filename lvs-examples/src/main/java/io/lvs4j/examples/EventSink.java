package io.lvs4j.examples;

import io.lvs4j.DirectorListener;
import io.lvs4j.vrrp.VrrpListener;

/** Where events go, of services and of virtual routers. Thread-safe. */
interface EventSink extends DirectorListener, VrrpListener {}
