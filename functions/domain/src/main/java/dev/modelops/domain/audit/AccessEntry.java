package dev.modelops.domain.audit;

import dev.modelops.domain.Ref;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An audited read, e.g. a download or an export. Not chained: a read never moves an entity's revision.
 *
 * @param id unique, time-ordered
 * @param action e.g. {@code artifact.downloaded}
 * @param detail what exactly, e.g. the artifact's path; ≤ 256 bytes
 */
public record AccessEntry(String id, Ref entity, String department, String action, Instant at, String actor,
    @Nullable String onBehalfOf, String requestId, @Nullable String source, @Nullable String reason,
    @Nullable String detail) {}
