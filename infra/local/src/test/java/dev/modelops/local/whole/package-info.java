/** Tests over the contract, the template, the events and all functions at once. */
@NullMarked
package dev.modelops.local.whole;

import org.jspecify.annotations.NullMarked;
