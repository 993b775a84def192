/**
 * Virtual routers, described as values: who speaks VRRP on which interface, for which addresses, and what lowers its priority. Start at
 * {@link io.lvs4j.vrrp.VirtualRouter}.
 *
 * <pre>{@code
 * VirtualRouter router = VirtualRouter.builder()
 *         .name("VI_1")
 *         .virtualRouterId(51)
 *         .networkInterface("eth0")
 *         .priority(150)
 *         .address("10.0.0.5/24")
 *         .build();
 * }</pre>
 *
 * <p>Nothing here runs yet. Descriptions are valid once they exist; {@code lvs-keepalived} reads them of a keepalived.conf. Who is master is
 * decided by {@code Election}, or by {@code SyncedElections} for routers that are master together: pure state machines, which get adverts from
 * {@code AdvertisementReceiver} and priorities from {@code TrackedPriority}. README.md of this module has the map.
 */
@NullMarked
package io.lvs4j.vrrp;

import org.jspecify.annotations.NullMarked;
