/** What the contract promised to callers with its last release, and still has to keep. */
@NullMarked
package dev.modelops.local.contract;

import org.jspecify.annotations.NullMarked;
