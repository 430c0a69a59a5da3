/** Test support: a client that holds every answer against the contract, callers, a context of Lambda. */
@NullMarked
package dev.modelops.testkit;

import org.jspecify.annotations.NullMarked;
