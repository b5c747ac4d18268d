/**
 * {@code bench served}: what teachers behind HTTP servers cost on this side. Start at {@link
 * dev.stillhouse.bench.served.ServedBench}.
 */
@NullMarked
package dev.stillhouse.bench.served;

import org.jspecify.annotations.NullMarked;
