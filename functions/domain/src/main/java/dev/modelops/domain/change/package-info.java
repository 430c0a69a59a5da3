/** The write path: a change is new states, claims and the facts they rest on, committed as one. */
@NullMarked
package dev.modelops.domain.change;

import org.jspecify.annotations.NullMarked;
