/**
 * Reads Python's pickles and PyTorch's archives as plain data: numbers, texts, lists, maps, and the
 * names of what Python would call. Nothing is called, so no pickle can do anything.
 */
@NullMarked
package dev.stillhouse.pipeline.formats.pickle;

import org.jspecify.annotations.NullMarked;
