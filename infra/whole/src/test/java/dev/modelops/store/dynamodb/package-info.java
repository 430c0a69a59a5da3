/** Within the package that makes the items, to make many of them. */
@NullMarked
package dev.modelops.store.dynamodb;

import org.jspecify.annotations.NullMarked;
