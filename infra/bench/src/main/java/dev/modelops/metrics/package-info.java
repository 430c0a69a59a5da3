/** Benchmarks within the package that they measure. */
@NullMarked
package dev.modelops.metrics;

import org.jspecify.annotations.NullMarked;
