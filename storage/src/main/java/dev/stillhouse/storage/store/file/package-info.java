/**
 * Keeps blobs as files below a directory: {@link dev.stillhouse.storage.store.file.DirectoryStore}.
 * A blob is written beside and placed under its name by a hard link, which fails where the name is
 * taken. {@link dev.stillhouse.storage.store.file.FilePlacing} says what is done on file systems
 * without hard links.
 */
@NullMarked
package dev.stillhouse.storage.store.file;

import org.jspecify.annotations.NullMarked;
