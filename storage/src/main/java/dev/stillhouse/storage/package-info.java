/**
 * Holds all that a student's machine needs: shards, datasets, regions and the loader. It does not
 * use Beam.
 *
 * <p>This package itself holds the errors that a person reads, and {@link
 * dev.stillhouse.storage.NamedServices}, which finds layouts, schemes of stores and teachers by
 * name. Start reading at {@link dev.stillhouse.storage.statistics}, the arrays that all other
 * packages use.
 */
@NullMarked
package dev.stillhouse.storage;

import org.jspecify.annotations.NullMarked;
