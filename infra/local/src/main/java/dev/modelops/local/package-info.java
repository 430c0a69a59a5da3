/**
 * The local runtime: the whole system on one machine, from the template that AWS gets, with the handlers that AWS runs.
 */
@NullMarked
package dev.modelops.local;

import org.jspecify.annotations.NullMarked;
