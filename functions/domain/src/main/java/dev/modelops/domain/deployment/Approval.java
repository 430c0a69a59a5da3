package dev.modelops.domain.deployment;

import dev.modelops.domain.Entity;
import dev.modelops.domain.Ref;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What one subject decided about one deployment; the latest decision counts.
 *
 * @param manifest digest of what was approved
 */
public record Approval(String deployment, String subject, String department, Decision decision, String manifest,
    @Nullable String comment, Instant at) implements Entity {

  /** The verdict of an approver. */
  public enum Decision {
    APPROVED,
    REJECTED
  }

  @Override
  public Ref ref() {
    return Ref.approval(deployment, subject);
  }
}
