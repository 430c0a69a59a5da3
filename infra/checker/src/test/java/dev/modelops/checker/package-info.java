@NullMarked
package dev.modelops.checker;

import org.jspecify.annotations.NullMarked;
