/** Measures what is built: cold starts, work per request, load through the local runtime. */
@NullMarked
package dev.modelops.bench;

import org.jspecify.annotations.NullMarked;
