/**
 * Orders an epoch by closed forms: which sequence stands at a position, and back. {@link
 * dev.stillhouse.storage.loader.order.ShuffleSpec} names the orders there are. Each permutation is
 * a Feistel network ({@link dev.stillhouse.storage.loader.order.Feistel}); {@code
 * docs/design/order.md} tells how it was tested.
 */
@NullMarked
package dev.stillhouse.storage.loader.order;

import org.jspecify.annotations.NullMarked;
