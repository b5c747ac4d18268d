/**
 * Fetches what a series of tasks will read, before they run. A caller that knows its order gives
 * {@link dev.stillhouse.storage.fetch.FetchTask}s in that order to a {@link
 * dev.stillhouse.storage.fetch.FetchAhead}, and takes their results in the same order.
 *
 * <p>The ranges of many tasks are planned together, as far ahead as the memory bound allows: ranges
 * that touch become one request, a long run becomes several, a file whose rows are (nearly) all
 * wanted is fetched whole. Bytes that are there are not fetched again while a planned task wants
 * them. {@link dev.stillhouse.storage.fetch.FlowControl} decides how many requests are under way.
 * No thread waits for a request; tasks run in threads of their own, one a core.
 *
 * <p>Correctness never depends on it. A task checks its bytes itself, and reads a part directly
 * where a fetch failed or brought wrong bytes.
 */
@NullMarked
package dev.stillhouse.storage.fetch;

import org.jspecify.annotations.NullMarked;
