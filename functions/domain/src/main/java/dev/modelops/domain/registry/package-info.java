/** Models, versions, artifacts, checks and aliases. */
@NullMarked
package dev.modelops.domain.registry;

import org.jspecify.annotations.NullMarked;
