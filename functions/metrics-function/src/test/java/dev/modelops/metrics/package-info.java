/** Tests of blocks, roll-ups and answers. */
@NullMarked
package dev.modelops.metrics;

import org.jspecify.annotations.NullMarked;
