/** Entities, references and pages: what every other package speaks of. */
@NullMarked
package dev.modelops.domain;

import org.jspecify.annotations.NullMarked;
