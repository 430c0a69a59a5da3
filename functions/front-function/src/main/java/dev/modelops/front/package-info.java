/** The front: health, the contract itself, pages of problems, and the answer to every path that no function serves. */
@NullMarked
package dev.modelops.front;

import org.jspecify.annotations.NullMarked;
