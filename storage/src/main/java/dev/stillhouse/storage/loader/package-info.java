/**
 * Gives batches to students, which may stop, change the number of ranks, and resume.
 *
 * <p>{@link dev.stillhouse.storage.loader.StudentLoader} gives a rank its batches; {@link
 * dev.stillhouse.storage.loader.StudentLoaderBuilder} has the settings. A run is a series of
 * examples, numbered from the start of epoch 0. The sequence of an example is found in closed form:
 * an {@link dev.stillhouse.storage.loader.order.Order} of each epoch, a {@link
 * dev.stillhouse.storage.loader.Mixture} of several corpora. So a place in a run is one number, and
 * a {@link dev.stillhouse.storage.loader.Cursor} is all that is needed to resume.
 *
 * <p>The ladder that {@code LadderTest} climbs: E0 every example once an epoch, tail included; E1
 * the same set in each step for any number of ranks; E2 in the same order; E3 the same values from
 * any layout of equal exactness, region or retry; E4 the cursor's digest proves it, and those of
 * ranks add up ({@link dev.stillhouse.storage.loader.Cursor#merge}).
 *
 * <p>Memory: the steps that are read ahead, within {@link
 * dev.stillhouse.storage.loader.StudentLoaderBuilder#ahead}, and the current batch.
 */
@NullMarked
package dev.stillhouse.storage.loader;

import org.jspecify.annotations.NullMarked;
