/** Who is calling: credentials, tokens, departments, identity providers, subjects. */
@NullMarked
package dev.modelops.access;

import org.jspecify.annotations.NullMarked;
