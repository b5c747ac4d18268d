/** Says what the teacher said at one position, with texts where the tokenizer is at hand. */
@NullMarked
package dev.stillhouse.storage.dataset.position;

import org.jspecify.annotations.NullMarked;
