/**
 * The student's side. {@link dev.stillhouse.storage.loader.StudentLoader} gives batches, an {@link
 * dev.stillhouse.storage.loader.Order} says in closed form which sequence stands where in an epoch
 * ({@link dev.stillhouse.storage.loader.Shuffling} names the orders there are), a {@link
 * dev.stillhouse.storage.loader.Mixture} which of several datasets each sample comes from, {@link
 * dev.stillhouse.storage.loader.Cursor} is all that must be kept to go on.
 */
@NullMarked
package dev.stillhouse.storage.loader;

import org.jspecify.annotations.NullMarked;
