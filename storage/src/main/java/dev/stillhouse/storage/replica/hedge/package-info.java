/**
 * Asks a second replica when the first is late. {@link
 * dev.stillhouse.storage.replica.hedge.HedgedRead} is the state machine of one read: calls tell it
 * what happened and when, and it returns what to do. It knows no clock, thread or future, so the
 * executor and the emulator drive the same code. All reads share a {@link
 * dev.stillhouse.storage.replica.hedge.HedgeBudget}, and by region the {@link
 * dev.stillhouse.storage.replica.hedge.LatencyPercentiles} and {@link
 * dev.stillhouse.storage.replica.hedge.RegionBreaker} of a {@link
 * dev.stillhouse.storage.replica.hedge.RegionHealth}. {@link
 * dev.stillhouse.storage.replica.hedge.HedgedReads} drives reads over stores.
 *
 * <p>The classes but {@code HedgedReads} are not safe for threads: one lock guards all of them.
 */
@NullMarked
package dev.stillhouse.storage.replica.hedge;

import org.jspecify.annotations.NullMarked;
