/**
 * The deep checker: reads a whole store, page by page, and says what in it contradicts itself. It writes nothing, and it
 * goes past the ports that it checks: items are read as they lie in the tables.
 */
@NullMarked
package dev.modelops.checker;

import org.jspecify.annotations.NullMarked;
