package dev.modelops.domain.access;

import dev.modelops.domain.Entity;
import dev.modelops.domain.Ref;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A part of the organisation that owns models. Its data is invisible to the others. */
public record Department(String name, @Nullable String title, Instant createdAt, String createdBy) implements Entity {

  @Override
  public Ref ref() {
    return Ref.department(name);
  }

  @Override
  public String department() {
    return ORGANISATION;
  }
}
