@NullMarked
package dev.modelops.local.gateway;

import org.jspecify.annotations.NullMarked;
