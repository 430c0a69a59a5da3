@NullMarked
package dev.modelops.local.events;

import org.jspecify.annotations.NullMarked;
