/**
 * Decides which real server gets a connection: the schedulers, the persistence tables, and the engine that asks them in
 * IPVS's order.
 *
 * <p>Starting points:
 * <ul>
 *   <li>{@link io.lvs4j.scheduler.Scheduler}: the contract of an algorithm. The algorithms are the classes beside it, one
 *       small file each: {@code RoundRobin}, {@code WeightedRoundRobin}, {@code LeastConnection},
 *       {@code WeightedLeastConnection}, {@code LocalityBasedLeastConnection},
 *       {@code LocalityBasedLeastConnectionWithReplication}, {@code DestinationHashing}, {@code SourceHashing},
 *       {@code ShortestExpectedDelay}, {@code NeverQueue}, {@code Failover}, {@code Overflow}, {@code MaglevHashing}, {@code TwoRandomChoices}.
 *   <li>{@link io.lvs4j.scheduler.DecisionEngine}: one service's decisions. It gives out a
 *       {@link io.lvs4j.scheduler.Lease} per connection.
 *   <li>{@code PersistenceTable}: which client belongs to which destination; {@code ClientTable} by address,
 *       {@code KeyTable} by a key of the embedder's.
 *   <li>{@link io.lvs4j.scheduler.HeadlessBackend}: the engine for embedders that carry the packets themselves.
 * </ul>
 *
 * <p>How the parts meet: a data plane fills a {@link io.lvs4j.scheduler.Flow} and asks the engine, which looks for a
 * persistence template first and asks the scheduler then. Both choose among {@link io.lvs4j.scheduler.Destination}s, the live
 * entries of real servers, which hold the connection counts.
 *
 * <p>What makes them fast, each with a page of doc: {@code Counts} (a destination's counts and flags in one word),
 * {@code LoadIndex} (the least loaded, by {@code DenseScan} or {@code WinnerTree}), {@code WeightedTurns} and {@code Ticket}
 * (turns), {@code Ranking} (the heaviest open one, by {@code CountBit}s), {@code HashBuckets} and {@code MaglevTable} (hashes), {@code LocalityTable}
 * (addresses of caches).
 *
 * <p>To bring an algorithm of your own: {@link io.lvs4j.scheduler.SchedulerFactory}. To add one here: write the class with its
 * rule in the class doc, and give it a line in {@code Schedulers}.
 */
@NullMarked
package io.lvs4j.scheduler;

import org.jspecify.annotations.NullMarked;
