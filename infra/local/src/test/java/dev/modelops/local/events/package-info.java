/**
 * Writes the files under {@code events/}: what each function is called with, one file per operation, stream and schedule,
 * made from the examples of the contract.
 */
@NullMarked
package dev.modelops.local.events;

import org.jspecify.annotations.NullMarked;
