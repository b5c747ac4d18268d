/**
 * Emulates links between regions in virtual time, and measures hedged reads over them. {@link
 * dev.stillhouse.bench.links.VirtualTime} is the clock and the only thread; {@link
 * dev.stillhouse.bench.links.EmulatedNetwork} shares rates among transfers; {@link
 * dev.stillhouse.bench.links.EmulatedLink} adds waits and {@link
 * dev.stillhouse.bench.links.LinkFaults}, drawn by a seed; {@link
 * dev.stillhouse.bench.links.EmulatedStore} puts a real store behind a link. Readers that wait only
 * through {@code Timers} and futures run on it unchanged.
 */
@NullMarked
package dev.stillhouse.bench.links;

import org.jspecify.annotations.NullMarked;
