@NullMarked
package dev.modelops.local.zip;

import org.jspecify.annotations.NullMarked;
