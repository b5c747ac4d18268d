/**
 * Models the distances between regions and the cost of reading across them. {@link
 * dev.stillhouse.storage.topology.Topology} holds a {@link dev.stillhouse.storage.topology.Link}
 * for each pair of regions, from a file that names its sources. {@link
 * dev.stillhouse.storage.topology.CostPolicy} says how a reader weighs time against dollars. {@link
 * dev.stillhouse.storage.topology.RangeCoalescer} turns byte ranges into the {@link
 * dev.stillhouse.storage.topology.ReadPlan} that costs least; {@code docs/design/regions.md} has
 * the formulas.
 *
 * <p>Nothing here does I/O or knows a store.
 */
@NullMarked
package dev.stillhouse.storage.topology;

import org.jspecify.annotations.NullMarked;
