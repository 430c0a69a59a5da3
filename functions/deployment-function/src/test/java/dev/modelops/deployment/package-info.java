@NullMarked
package dev.modelops.deployment;

import org.jspecify.annotations.NullMarked;
