/**
 * Keeps blobs in a bucket: {@link dev.stillhouse.storage.store.s3.S3Store}. The server must support
 * S3 with conditional puts ({@code If-None-Match: *}).
 *
 * <p>S3 is spoken by the AWS SDK, whose chain finds credentials, endpoint and region in the usual
 * places. It is 8.7 MB of jars, loaded when such a store is opened. The HTTP clients that come with
 * it would be 6.7 MB more (netty 4.1 beside Arrow's 4.2, Apache's), so the JDK's is adapted: {@link
 * dev.stillhouse.storage.store.s3.JdkHttp}. Retries, limits of what is in flight and cancellation
 * are in this package to read.
 */
@NullMarked
package dev.stillhouse.storage.store.s3;

import org.jspecify.annotations.NullMarked;
