package dev.modelops.registry;

import dev.modelops.domain.registry.Model;
import dev.modelops.domain.registry.ModelKind;
import dev.modelops.domain.registry.RiskTier;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a writer may say about a model. */
record ModelContent(ModelKind kind, String department, @Nullable String title, @Nullable String description,
    @Nullable String owner, Map<String, List<String>> people, @Nullable String purpose, @Nullable RiskTier riskTier,
    Map<String, String> tags, Map<String, Object> attributes, @Nullable String vendor) {

  static ModelContent of(Model model) {
    return new ModelContent(model.kind(), model.department(), model.title(), model.description(), model.owner(),
        model.people(), model.purpose(), model.riskTier(), model.tags(), model.attributes(), model.vendor());
  }

  /** The same, with the tier that it leaves open. */
  ModelContent orTier(@Nullable RiskTier tier) {
    return riskTier != null ? this
        : new ModelContent(kind, department, title, description, owner, people, purpose, tier, tags, attributes,
            vendor);
  }

  Model create(String name, Instant now, String subject) {
    return new Model(name, kind, Model.State.ACTIVE, department, title, description, owner, people, purpose, riskTier,
        tags, attributes, vendor, now, subject, now, subject);
  }

  /** The model with this content; name, state and origin stay. */
  Model replace(Model before, Instant now, String subject) {
    return new Model(before.name(), kind, before.state(), department, title, description, owner, people, purpose,
        riskTier, tags, attributes, vendor, before.createdAt(), before.createdBy(), now, subject);
  }
}
