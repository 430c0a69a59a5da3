/** Every way in which a request can be refused, in one table. */
@NullMarked
package dev.modelops.domain.problem;

import org.jspecify.annotations.NullMarked;
