/**
 * Gives students batches: they may stop, change the number of ranks, and resume.
 *
 * <p>{@link dev.stillhouse.storage.loader.StudentLoader} gives a rank its batches; {@link
 * dev.stillhouse.storage.loader.StudentLoaderBuilder} says what and how. A run is a row of
 * examples, numbered from the start of epoch 0. Which sequence an example is, is a closed form: an
 * {@link dev.stillhouse.storage.loader.order.Order} of each epoch, a {@link
 * dev.stillhouse.storage.loader.Mixture} of several corpora. So a place is one number, and a {@link
 * dev.stillhouse.storage.loader.Cursor} is all that must be kept to go on.
 *
 * <p>The ladder that {@code LadderTest} climbs: E0 every example once an epoch, tail included; E1
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
