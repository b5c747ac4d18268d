/**
 * Orders an epoch in closed form: from a position to its sequence, and back. {@link
 * dev.stillhouse.storage.loader.order.ShuffleSpec} names the orders. Each permutation is a Feistel
 * network ({@link dev.stillhouse.storage.loader.order.Feistel}); {@code docs/design/order.md}
 * describes the tests.
 */
@NullMarked
package dev.stillhouse.storage.loader.order;

import org.jspecify.annotations.NullMarked;
