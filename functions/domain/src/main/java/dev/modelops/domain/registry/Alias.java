package dev.modelops.domain.registry;

import dev.modelops.domain.Entity;
import dev.modelops.domain.Ref;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A name that points to one version of a model at a time. A removed alias stays as a record without a version, so that
 * its history goes on.
 */
public record Alias(String model, String alias, String department, @Nullable Integer version, Instant movedAt,
    String movedBy) implements Entity {

  @Override
  public Ref ref() {
    return Ref.alias(model, alias);
  }
}
