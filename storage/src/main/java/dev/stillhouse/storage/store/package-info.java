/**
 * Keeps immutable blobs by key. {@link dev.stillhouse.storage.store.BlobStore} is the contract; one
 * contract test holds all stores to it. A decorator extends {@link
 * dev.stillhouse.storage.store.ForwardingStore} and overrides what it changes.
 *
 * <p>{@link dev.stillhouse.storage.store.BlobStores} opens a store by its name. The scheme of the
 * name decides which provider does: {@code file} and plain paths, {@code memory}, {@code s3}. A
 * provider of another scheme is added by a line in {@code META-INF/services}.
 *
 * <p>Keys are relative, slash-separated names of plain characters. {@link
 * dev.stillhouse.storage.store.BlobKeys} refuses all others, since manifests come from outside.
 *
 * <p>Files on their way into a store lie in a {@link
 * dev.stillhouse.storage.store.ScratchDirectory}. Its {@link
 * dev.stillhouse.storage.store.ScratchLock} shows whether the owner is alive; a directory of a dead
 * one is a {@link dev.stillhouse.storage.store.Leftover}.
 *
 * <p>Three kinds of failure are kept apart: {@link
 * dev.stillhouse.storage.store.MissingBlobException} (the store has no such blob), {@link
 * dev.stillhouse.storage.store.NotReachedException} (no answer, or a refusal: nothing is known of
 * the blob), and {@code DamagedBlobException} (bytes that are wrong). Work that waits runs in
 * {@link dev.stillhouse.storage.store.StoreThreads}, never in the JDK's common pool.
 */
@NullMarked
package dev.stillhouse.storage.store;

import org.jspecify.annotations.NullMarked;
