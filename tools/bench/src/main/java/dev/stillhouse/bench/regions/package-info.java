/**
 * {@code bench regions}: what reading a dataset costs from every region of a topology, by layout
 * and policy, against what people do without such a reader; how far its requests are from the
 * least, what share of a link's rate a scan gets, and what checking every byte takes. Start with
 * {@link dev.stillhouse.bench.regions.RegionsBench}.
 */
@NullMarked
package dev.stillhouse.bench.regions;

import org.jspecify.annotations.NullMarked;
