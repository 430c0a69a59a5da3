package dev.modelops.audit;

import dev.modelops.domain.Ref;
import dev.modelops.domain.access.Subjects;
import dev.modelops.domain.access.Subjects.Subject;
import dev.modelops.domain.audit.AccessEntry;
import dev.modelops.domain.audit.AuditEntry;
import dev.modelops.domain.audit.AuditEntry.FieldChange;
import dev.modelops.domain.audit.AuditEntry.More;
import dev.modelops.domain.audit.AuditLog.Line;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A line of the trail as it is shown: the entry, with the names and addresses that have not been erased. */
record AuditLine(String type, @Nullable String id, Ref entity, @Nullable Long rev, String department, String action,
    Instant at, String actor, @Nullable String actorName, @Nullable String onBehalfOf, @Nullable String onBehalfOfName,
    String requestId, @Nullable String source, @Nullable String sourceAddress, @Nullable String reason,
    @Nullable String detail, @Nullable List<FieldChange> changes, @Nullable More more, @Nullable String before,
    @Nullable String after, @Nullable String previous, @Nullable String hash) {

  /** The lines with the names and addresses of all of them, looked up at once. */
  static List<AuditLine> of(List<Line> lines, Subjects subjects) {
    Collection<String> ids = new TreeSet<>();
    Collection<String> sources = new TreeSet<>();
    for (Line line : lines) {
      AuditEntry change = line.change();
      AccessEntry access = line.access();
      add(ids, change != null ? change.actor() : Objects.requireNonNull(access).actor());
      add(ids, change != null ? change.onBehalfOf() : Objects.requireNonNull(access).onBehalfOf());
      add(sources, change != null ? change.source() : Objects.requireNonNull(access).source());
    }
    Map<String, Subject> names = subjects.getAll(ids.stream().limit(100).toList());
    Map<String, String> addresses = subjects.addresses(sources.stream().limit(100).toList());
    return lines.stream().map(line -> {
      AuditEntry change = line.change();
      return change != null ? of(change, names, addresses)
          : of(Objects.requireNonNull(line.access()), names, addresses);
    }).toList();
  }

  private static AuditLine of(AuditEntry e, Map<String, Subject> names, Map<String, String> addresses) {
    return new AuditLine("change", null, e.entity(), e.rev(), e.department(), e.action(), e.at(), e.actor(),
        name(names, e.actor()), e.onBehalfOf(), name(names, e.onBehalfOf()), e.requestId(), e.source(),
        address(addresses, e.source()), e.reason(), null, e.changes(), e.more(), e.before(), e.after(), e.previous(),
        e.hash());
  }

  private static AuditLine of(AccessEntry e, Map<String, Subject> names, Map<String, String> addresses) {
    return new AuditLine("access", e.id(), e.entity(), null, e.department(), e.action(), e.at(), e.actor(),
        name(names, e.actor()), e.onBehalfOf(), name(names, e.onBehalfOf()), e.requestId(), e.source(),
        address(addresses, e.source()), e.reason(), e.detail(), null, null, null, null, null, null);
  }

  private static void add(Collection<String> wanted, @Nullable String id) {
    if (id != null && !id.startsWith("system:")) {
      wanted.add(id);
    }
  }

  private static @Nullable String name(Map<String, Subject> names, @Nullable String id) {
    Subject subject = id == null ? null : names.get(id);
    return subject == null ? null : subject.displayName();
  }

  private static @Nullable String address(Map<String, String> addresses, @Nullable String source) {
    return source == null ? null : addresses.get(source);
  }
}
