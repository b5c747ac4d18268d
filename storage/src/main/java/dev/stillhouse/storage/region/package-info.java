/**
 * Where blobs lie. A {@link dev.stillhouse.storage.region.RegionStore} holds the immutable blobs of
 * one region; everything reads through a {@link dev.stillhouse.storage.region.ReplicaReader}, which
 * verifies what it gets, goes to the next copy when one is missing, late or damaged, and books what
 * it cost in a {@link dev.stillhouse.storage.region.Ledger}, with the damaged copies it met. Which
 * copy comes when is decided in {@link dev.stillhouse.storage.region.Copies}, one copy is read by
 * {@link dev.stillhouse.storage.region.Fetch}, and {@link
 * dev.stillhouse.storage.region.UnreadableBlobException} says why none could be.
 *
 * <p>{@link dev.stillhouse.storage.region.Regions} opens stores by {@link
 * dev.stillhouse.storage.region.StoreName}: a directory by path or {@code file:///path} ({@link
 * dev.stillhouse.storage.region.DirectoryStore}), {@code s3://bucket/prefix} ({@link
 * dev.stillhouse.storage.region.S3Store}), {@code memory:name} for tests ({@link
 * dev.stillhouse.storage.region.MemoryStore}), or what another {@link
 * dev.stillhouse.storage.region.StoreScheme} on the class path opens. All keep one contract, which
 * is one test. A decorator extends {@link dev.stillhouse.storage.region.ForwardingStore} and
 * overrides what it changes.
 *
 * <p>Files on their way into a store lie in a {@link
 * dev.stillhouse.storage.region.ScratchDirectory}, whose {@link
 * dev.stillhouse.storage.region.ScratchLock} tells whether its owner lives; what is left of a dead
 * one is a {@link dev.stillhouse.storage.region.Leftover}.
 *
 * <p>{@link dev.stillhouse.storage.region.Topology} tells how far regions lie apart and what
 * reading across costs, from a file that names its sources. A {@link
 * dev.stillhouse.storage.region.Standpoint} says where a reader is and what it would rather spend
 * ({@link dev.stillhouse.storage.region.Policy}); {@link dev.stillhouse.storage.region.ReadPlan}
 * are the requests that follow, {@code docs/design/regions.md} the formulas. What was fetched is kept
 * in a {@link dev.stillhouse.storage.region.cache.PieceCache}; {@link
 * dev.stillhouse.storage.region.ReadAhead} reads what comes next, {@link
 * dev.stillhouse.storage.region.SideBySide} does what may block at once; neither uses the JDK's
 * common pool. {@link dev.stillhouse.storage.region.PacedStore} is read no faster than somebody
 * allows.
 *
 * <p>Keys are relative, slash-separated names of plain characters; {@link
 * dev.stillhouse.storage.region.BlobKeys} refuses all others, since manifests come from outside.
 *
 * <p>S3 is spoken by the AWS SDK, whose chain finds credentials, endpoint and region as every other
 * tool does; here it is 8.7 MB of jars, optional, loaded by whoever opens such a store. The HTTP
 * clients that come with it would be 6.7 MB more (netty 4.1 beside Arrow's 4.2, Apache's), so the
 * JDK's is adapted instead; what its requests then do, retries and cancellation among it, is in
 * this package to read.
 */
@NullMarked
package dev.stillhouse.storage.region;

import org.jspecify.annotations.NullMarked;
