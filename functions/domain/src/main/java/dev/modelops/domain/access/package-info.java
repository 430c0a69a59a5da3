/** Who may do what: subjects, roles, permissions, grants, scopes; tokens, departments, identity providers. */
@NullMarked
package dev.modelops.domain.access;

import org.jspecify.annotations.NullMarked;
