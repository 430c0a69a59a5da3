package dev.modelops.domain.registry;

import dev.modelops.domain.Entity;
import dev.modelops.domain.Ref;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A model: the thing that has versions.
 *
 * @param name as its creator spelled it; unique without regard to case, never renamed, never reused
 * @param department fixed at creation
 * @param owner the accountable person, a subject id or a name
 * @param people further people by role, e.g. {@code validator}
 * @param attributes custom attributes: strings, numbers, booleans
 * @param vendor who made it, for {@link ModelKind#EXTERNAL}
 */
public record Model(String name, ModelKind kind, State state, String department, @Nullable String title,
    @Nullable String description, @Nullable String owner, Map<String, List<String>> people, @Nullable String purpose,
    @Nullable RiskTier riskTier, Map<String, String> tags, Map<String, Object> attributes, @Nullable String vendor,
    Instant createdAt, String createdBy, Instant updatedAt, String updatedBy) implements Entity {

  /** An archived model takes no new versions and no new deployments; what is live stays live. */
  public enum State {
    ACTIVE,
    ARCHIVED
  }

  public Model {
    people = Map.copyOf(people);
    tags = Map.copyOf(tags);
    attributes = Map.copyOf(attributes);
  }

  @Override
  public Ref ref() {
    return Ref.model(name);
  }

  public Model in(State state, Instant at, String by) {
    return new Model(name, kind, state, department, title, description, owner, people, purpose, riskTier, tags,
        attributes, vendor, createdAt, createdBy, at, by);
  }

  public Model rated(@Nullable RiskTier riskTier, Instant at, String by) {
    return new Model(name, kind, state, department, title, description, owner, people, purpose, riskTier, tags,
        attributes, vendor, createdAt, createdBy, at, by);
  }
}
