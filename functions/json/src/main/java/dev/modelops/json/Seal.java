package dev.modelops.json;

import dev.modelops.domain.audit.AuditEntry;
import tools.jackson.databind.node.ObjectNode;

/** The hash of an audit entry: SHA-256 over its canonical JSON without the field {@code hash}. */
public final class Seal {

  private Seal() {}

  /** The hash that the entry must carry, whatever it carries. */
  public static String hash(AuditEntry entry) {
    ObjectNode node = (ObjectNode) Json.node(entry);
    node.remove("hash");
    return Digests.of(node);
  }

  /** The same entry with its hash. */
  public static AuditEntry seal(AuditEntry entry) {
    return new AuditEntry(entry.entity(), entry.rev(), entry.department(), entry.action(), entry.at(), entry.actor(),
        entry.onBehalfOf(), entry.requestId(), entry.source(), entry.reason(), entry.changes(), entry.more(),
        entry.before(), entry.after(), entry.previous(), hash(entry));
  }
}
