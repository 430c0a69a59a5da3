@NullMarked
package dev.modelops.local.stream;

import org.jspecify.annotations.NullMarked;
