/** Metric points, the blocks that hold them and the roll-ups that are made of blocks. */
@NullMarked
package dev.modelops.domain.metrics;

import org.jspecify.annotations.NullMarked;
