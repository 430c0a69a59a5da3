@NullMarked
package dev.modelops.embedded;

import org.jspecify.annotations.NullMarked;
