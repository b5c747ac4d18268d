/**
 * Serves the loader over Arrow Flight, so that a student in any language gets the batches that a
 * Java student gets: the order, cursors, replicas, the cache and verification stay in one place.
 *
 * <p>{@link dev.stillhouse.serve.StudentServer} is the server. A client asks {@code GetFlightInfo}
 * with a request (a JSON form, {@code LoadRequest}), gets a ticket, and {@code DoGet} streams one
 * rank's steps, a record batch each, with the cursor behind it in the metadata. {@link
 * dev.stillhouse.serve.ServerProcess} is the same as a child process, as the Python package starts
 * it. {@code docs/reference/flight.md} describes the protocol.
 *
 * <p>Memory: of each stream, what is read ahead and two steps; limits are checked before anything
 * is read.
 */
@NullMarked
package dev.stillhouse.serve;

import org.jspecify.annotations.NullMarked;
