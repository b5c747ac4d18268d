/**
 * {@code bench layouts}: measures every layout on the class path with the same statistics, beside
 * other formats. A {@link dev.stillhouse.bench.layouts.Store} is one way; {@link
 * dev.stillhouse.bench.layouts.LayoutStore} finds layouts by name, the rivals are {@link
 * dev.stillhouse.bench.layouts.MegatronStore}, {@link dev.stillhouse.bench.layouts.ArrowStore},
 * {@link dev.stillhouse.bench.layouts.NativeStore} (Vortex and Lance) and {@link
 * dev.stillhouse.bench.layouts.PlainParquetStore}. {@link dev.stillhouse.bench.layouts.Measurement}
 * goes through a dataset's shards, {@link dev.stillhouse.bench.layouts.Trial} measures one, {@link
 * dev.stillhouse.bench.layouts.StoreFigures} adds shards up, {@link
 * dev.stillhouse.bench.layouts.Goals} compares with the targets. {@link
 * dev.stillhouse.bench.layouts.LayoutsPage} draws a run, {@link
 * dev.stillhouse.bench.layouts.Export} gives it to Python, {@link
 * dev.stillhouse.bench.layouts.GenerationsTable} writes it into the page of generations, and {@link
 * dev.stillhouse.bench.layouts.GenerationsPicture} draws that page's table.
 *
 * <p>More than 30 classes stand here: each rival has a writer and a reader beside what measures
 * them, and nothing else may use either.
 */
@NullMarked
package dev.stillhouse.bench.layouts;

import org.jspecify.annotations.NullMarked;
