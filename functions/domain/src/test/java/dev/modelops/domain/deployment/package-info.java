@NullMarked
package dev.modelops.domain.deployment;

import org.jspecify.annotations.NullMarked;
