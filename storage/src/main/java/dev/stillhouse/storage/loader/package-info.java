/**
 * The student's side: batches that may stop, resize and resume at will.
 *
 * <p>{@link dev.stillhouse.storage.loader.StudentLoader} gives a rank its batches; {@link
 * dev.stillhouse.storage.loader.StudentLoaderBuilder} says what and how. A run is a row of samples,
 * numbered from the start of epoch 0. Which sequence a sample is, is a closed form: an {@link
 * dev.stillhouse.storage.loader.order.Order} of each epoch ({@link
 * dev.stillhouse.storage.loader.order.Shuffling} names the orders there are), a {@link
 * dev.stillhouse.storage.loader.Mixture} of several corpora. So a place is one number, and a {@link
 * dev.stillhouse.storage.loader.Cursor} is all that must be kept to go on.
 *
 * <p>The ladder that {@code LadderTest} climbs: E0 every sample once an epoch, tail included; E1
 * the same set in each step for any number of ranks; E2 in the same order; E3 the same values from
 * any layout of equal exactness, region or retry; E4 the cursor's digest proves it, and those of
 * ranks add up ({@link dev.stillhouse.storage.loader.Cursor#merge}).
 *
 * <p>Memory: what is read ahead, within {@link
 * dev.stillhouse.storage.loader.StudentLoaderBuilder#ahead}, and the batch that was given.
 */
@NullMarked
package dev.stillhouse.storage.loader;

import org.jspecify.annotations.NullMarked;
