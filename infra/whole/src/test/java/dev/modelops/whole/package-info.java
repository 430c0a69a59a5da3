/** Tests over all functions at once, on one store: what no function's own tests can show. */
@NullMarked
package dev.modelops.whole;

import org.jspecify.annotations.NullMarked;
