/**
 * Keeps blobs as files below a directory: {@link dev.stillhouse.storage.store.file.DirectoryStore}.
 * A blob is written to a scratch file and gets its name by a hard link, which fails if the name is
 * taken. {@link dev.stillhouse.storage.store.file.FilePlacing} says what happens on file systems
 * without hard links.
 */
@NullMarked
package dev.stillhouse.storage.store.file;

import org.jspecify.annotations.NullMarked;
