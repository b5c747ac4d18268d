/**
 * What a student's machine loads: shards, datasets, regions and the loader. No Beam here.
 *
 * <p>This package itself holds only the errors that a person reads. Start reading at {@link
 * dev.stillhouse.storage.statistics}, the arrays that everything else carries.
 */
@NullMarked
package dev.stillhouse.storage;

import org.jspecify.annotations.NullMarked;
