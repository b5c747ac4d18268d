/**
 * What a student's machine loads: shards, datasets, regions and the loader. No Beam here.
 *
 * <p>This package itself holds the errors that a person reads, and {@link
 * dev.stillhouse.storage.NamedServices}, which finds layouts, schemes of stores and teachers by
 * name. Start reading at {@link dev.stillhouse.storage.statistics}, the arrays that everything else
 * carries.
 */
@NullMarked
package dev.stillhouse.storage;

import org.jspecify.annotations.NullMarked;
