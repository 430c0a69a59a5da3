/** Histories: what many clients do at once, and whether a model of the API explains all they saw. */
@NullMarked
package dev.modelops.local.history;

import org.jspecify.annotations.NullMarked;
