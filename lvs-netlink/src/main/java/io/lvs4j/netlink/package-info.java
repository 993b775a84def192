/**
 * The kernel's IPVS.
 *
 * <p>{@link io.lvs4j.netlink.IpvsBackend} carries out what a director decides. Below it, and usable by itself, is {@link
 * io.lvs4j.netlink.Ipvs}, which reads and writes the kernel's table one entry or many at a time, as ipvsadm does.
 *
 * <table>
 * <caption>What the kernel does otherwise than the engine of the other backends</caption>
 * <tr><th>What</th><th>In the kernel</th><th>Because</th></tr>
 * <tr><td>refused clients</td><td>are not counted</td><td>it has no such counter</td></tr>
 * <tr><td>counts of connections and bytes so far</td><td>lag behind for up to 2 s</td><td>it adds them up by a timer</td></tr>
 * <tr><td>a connection that has ended</td><td>counts as inactive for 2 min, after a reset for 10 s: in {@code lc} and
 *     {@code wlc}, for thresholds, for drains and graceful closes</td><td>packets may still come</td></tr>
 * <tr><td>a list of connections</td><td>has those that have ended, too; may lack one while others come and go; lacks data
 *     connections of FTP</td><td>there is one list of all services, which is read in parts</td></tr>
 * <tr><td>a persistence timeout</td><td>begins with the client's last connection; is prolonged by 60 s if that connection is
 *     still known at its end</td><td>a template's timer does not hear of the end of connections</td></tr>
 * <tr><td>a client that persists to a quiesced server</td><td>is forgotten when it comes, and not if the server is raised
 *     before</td><td>templates are looked at only then</td></tr>
 * <tr><td>a failed server with connections</td><td>stays with weight 0 and returns to its place; {@code sh} and {@code mh}
 *     fall back meanwhile; with {@code dh} it leaves and loses its connections</td><td>a destination that is removed loses its
 *     connections</td></tr>
 * <tr><td>new thresholds</td><td>of 6.1 mean a server as it is after its next connection; the mark is lifted when the upper one
 *     is raised</td><td>6.12 does as the engine</td></tr>
 * <tr><td>a server that is removed and soon added again</td><td>is still known to {@code lblc} and {@code lblcr}</td><td>the
 *     kernel brings back the old destination</td></tr>
 * <tr><td>{@code twos}</td><td>is missing in some kernels; where it is, chance decides</td><td>{@code CONFIG_IP_VS_TWOS}</td></tr>
 * <tr><td>answers to datagrams that are scheduled one by one</td><td>come from the server's own address if it is
 *     masqueraded</td><td>there is no connection to tell whose they are</td></tr>
 * </table>
 *
 * <p>Inside: {@code wire} (messages as bytes), {@code genl} (a conversation), {@code socket} (the only user of native calls).
 */
@NullMarked
package io.lvs4j.netlink;

import org.jspecify.annotations.NullMarked;
