/**
 * {@code bench regions}: measures the cost of reading a dataset from every region of a topology, by
 * layout and policy, compared with the usual ways without such a reader. It also measures how far
 * its requests are from the cheapest, the share of a link's rate that a scan gets, and the time of
 * checking every byte. Start with {@link dev.stillhouse.bench.regions.RegionsBench}.
 */
@NullMarked
package dev.stillhouse.bench.regions;

import org.jspecify.annotations.NullMarked;
