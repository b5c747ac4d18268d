/**
 * {@code bench layouts}: what every layout that is present makes of the same statistics, beside
 * other ways to keep them. A {@link dev.stillhouse.tools.bench.layouts.Store} is one way; {@link
 * dev.stillhouse.tools.bench.layouts.LayoutStore} finds layouts by name, the rivals are {@link
 * dev.stillhouse.tools.bench.layouts.MegatronStore}, {@link
 * dev.stillhouse.tools.bench.layouts.ArrowStore}, {@link
 * dev.stillhouse.tools.bench.layouts.NativeStore} (Vortex and Lance) and {@link
 * dev.stillhouse.tools.bench.layouts.PlainParquetStore}. {@link
 * dev.stillhouse.tools.bench.layouts.Measurement} goes through a dataset's shards, {@link
 * dev.stillhouse.tools.bench.layouts.Trial} measures one, {@link
 * dev.stillhouse.tools.bench.layouts.StoreFigures} adds shards up, {@link
 * dev.stillhouse.tools.bench.layouts.Goals} compares with what was set out for. {@link
 * dev.stillhouse.tools.bench.layouts.LayoutsPage} draws a run, {@link
 * dev.stillhouse.tools.bench.layouts.Export} gives it to Python, {@link
 * dev.stillhouse.tools.bench.layouts.GenerationsTable} writes it into the page of generations.
 */
@NullMarked
package dev.stillhouse.tools.bench.layouts;

import org.jspecify.annotations.NullMarked;
