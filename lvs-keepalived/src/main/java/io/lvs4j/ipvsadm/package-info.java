/**
 * What ipvsadm reads and prints: rules as text, and listings of a table of virtual services, on any backend.
 *
 * <p>To read rules start at {@link io.lvs4j.ipvsadm.Rules#read}: text becomes {@linkplain io.lvs4j.ipvsadm.Command commands}, and
 * these, carried out in their order, become descriptions. To write descriptions as rules start at {@link
 * io.lvs4j.ipvsadm.SavedRules#of}. To list what runs start at {@link io.lvs4j.ipvsadm.ServiceListing#of}, and choose a {@link
 * io.lvs4j.ipvsadm.Listing}; to list connections give {@link io.lvs4j.ServiceHandle#connections} to {@link
 * io.lvs4j.ipvsadm.Listing#connections}.
 *
 * <p>In the middle is ipvsadm's vocabulary: a {@link io.lvs4j.ipvsadm.ServiceRule} is what it knows of a virtual service, a {@link
 * io.lvs4j.ipvsadm.ServerRule} what it knows of a real server. They hold more than descriptions can (port 0, any netmask) and less
 * (no checks).
 */
@NullMarked
package io.lvs4j.ipvsadm;

import org.jspecify.annotations.NullMarked;
