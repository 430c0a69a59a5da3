/** Answers who changed what, when, from where and why, and proves that nobody has changed the answer. */
@NullMarked
package dev.modelops.audit;

import org.jspecify.annotations.NullMarked;
