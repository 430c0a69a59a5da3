@NullMarked
package dev.modelops.local.schedule;

import org.jspecify.annotations.NullMarked;
