/** Metrics: intake of batches as blocks, roll-ups of blocks, answers from roll-ups. */
@NullMarked
package dev.modelops.metrics;

import org.jspecify.annotations.NullMarked;
