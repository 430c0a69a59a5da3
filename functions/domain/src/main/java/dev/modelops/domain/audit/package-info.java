/** What was changed, by whom and why: audit entries and their queries. */
@NullMarked
package dev.modelops.domain.audit;

import org.jspecify.annotations.NullMarked;
