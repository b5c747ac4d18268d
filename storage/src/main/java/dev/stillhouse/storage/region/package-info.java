/**
 * Where blobs lie. A {@link dev.stillhouse.storage.region.RegionStore} holds the immutable blobs of
 * one region; everything reads through a {@link dev.stillhouse.storage.region.ReplicaReader}, which
 * verifies what it gets, goes to the next copy when one is missing, late or damaged, and books what
 * it cost in a {@link dev.stillhouse.storage.region.Ledger}, with the damaged copies it met. {@link
 * dev.stillhouse.storage.region.Regions} opens stores by path or URI.
 *
 * <p>{@link dev.stillhouse.storage.region.Topology} tells how far regions lie apart and what
 * reading across costs, from a file that names its sources.
 *
 * <p>Keys are relative, slash-separated names of plain characters; {@link
 * dev.stillhouse.storage.region.BlobKeys} refuses all others, since manifests come from outside.
 */
@NullMarked
package dev.stillhouse.storage.region;

import org.jspecify.annotations.NullMarked;
