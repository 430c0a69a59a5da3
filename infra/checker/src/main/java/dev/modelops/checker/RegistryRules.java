package dev.modelops.checker;

import dev.modelops.domain.Entity;
import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.registry.Alias;
import dev.modelops.domain.registry.AliasRules;
import dev.modelops.domain.registry.Artifact;
import dev.modelops.domain.registry.ArtifactStore;
import dev.modelops.domain.registry.Check;
import dev.modelops.domain.registry.Heads.Head;
import dev.modelops.domain.registry.Manifest;
import dev.modelops.domain.registry.Model;
import dev.modelops.domain.registry.Version;
import dev.modelops.store.dynamodb.Layout;
import dev.modelops.store.dynamodb.Row;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Models, their versions and what points to them. */
final class RegistryRules {

  private final @Nullable ArtifactStore files;
  private final AtomicLong asked = new AtomicLong();

  /** @param files null when files are not to be looked at */
  RegistryRules(@Nullable ArtifactStore files) {
    this.files = files;
  }

  /** How many files were asked about. */
  long asked() {
    return asked.get();
  }

  void judge(Entity entity, View view, Findings findings) {
    switch (entity) {
      case Model model -> findings.expect(head(model.name(), view).isPresent(), Rule.HEAD, "has no head");
      case Version version -> version(version, view, findings);
      case Alias alias -> alias(alias, view, findings);
      case Check check -> {
        Optional<Stored<Version>> version = view.find(Version.class, Ref.version(check.model(), check.version()));
        findings.expect(version.isPresent(), Rule.PARENT, "is of a version that is not there");
        below(check, check.model(), view, findings);
      }
      default -> {
      }
    }
  }

  static Optional<Head> head(String model, View view) {
    return view.row(Layout.head(model))
        .flatMap(row -> row instanceof Row.Counter counter ? Optional.of(counter.head()) : Optional.empty());
  }

  /** What belongs to a model, belongs to its department. */
  static void below(Entity entity, String model, View view, Findings findings) {
    Optional<Head> head = head(model, view);
    findings.expect(head.isPresent(), Rule.PARENT, "is of the model %s, which is not there", model);
    head.ifPresent(of -> findings.expect(of.department().equals(entity.department()), Rule.DEPARTMENT,
        "belongs to %s, and its model to %s", entity.department(), of.department()));
  }

  static void head(Head head, View view, Findings findings) {
    Optional<Model> model = view.find(Model.class, Ref.model(head.model())).map(Stored::entity);
    findings.expect(model.isPresent(), Rule.HEAD, "is of a model that is not there");
    model.ifPresent(of -> findings.expect(
        head.equals(new Head(of.name(), of.department(), of.kind(), of.state(), head.latest())), Rule.HEAD,
        "says %s, and the model is %s, %s, %s, %s", head, of.name(), of.department(), of.kind(), of.state()));
  }

  private static void alias(Alias alias, View view, Findings findings) {
    below(alias, alias.model(), view, findings);
    Integer number = alias.version();
    if (number == null) {
      return; // It was removed; its history goes on.
    }
    @Nullable Version version =
        view.find(Version.class, Ref.version(alias.model(), number)).map(Stored::entity).orElse(null);
    if (version == null) {
      findings.expect(false, Rule.ALIAS, "points to version %d, which is not there", number);
      return;
    }
    findings.expect(held(version), Rule.ALIAS, "points to version %d, which is %s", number, version.state().wire());
    findings.expect(version.aliases().contains(alias.alias()), Rule.ALIAS,
        "points to version %d, which does not know it", number);
  }

  /** Whether aliases and live slots may point to it: a recall leaves in place what holds the version. */
  static boolean held(Version version) {
    return version.state() == Version.State.READY || version.state() == Version.State.WITHDRAWN;
  }

  private void version(Version version, View view, Findings findings) {
    below(version, version.model(), view, findings);
    head(version.model(), view).ifPresent(head -> findings.expect(version.version() <= head.latest(), Rule.COUNTER,
        "has a number above the model's counter, which stands at %d", head.latest()));
    state(version, findings);
    for (String alias : version.aliases()) {
      Optional<Stored<Alias>> found = view.find(Alias.class, Ref.alias(version.model(), alias));
      findings.expect(found.isPresent() && Objects.equals(found.get().entity().version(), version.version()),
          Rule.ALIAS, "believes to be %s, which points to %s", alias,
          found.map(stored -> stored.entity().version()).orElse(null));
    }
    @Nullable Row row = view.row(Layout.manifest(version.manifest())).orElse(null);
    if (row instanceof Row.Content content) {
      findings.expect(content.manifest().proof() == version.proof(), Rule.MANIFEST, "says %s, its manifest %s",
          version.proof(), content.manifest().proof());
      files(version, content.manifest(), findings);
    } else {
      findings.expect(false, Rule.MANIFEST, "has no manifest under %s", version.manifest());
    }
  }

  private static void state(Version version, Findings findings) {
    boolean holders =
        !version.aliases().isEmpty() || !version.liveIn().isEmpty() || !version.openDeployments().isEmpty();
    boolean well = switch (version.state()) {
      case PENDING -> version.expiresAt() != null && version.readyAt() == null && !holders;
      case READY -> version.expiresAt() == null && version.readyAt() != null && version.recall() == null;
      case ARCHIVED -> version.readyAt() != null && !holders;
      case WITHDRAWN -> version.readyAt() != null && version.recall() != null;
      case EXPIRED -> version.expiresAt() != null && version.readyAt() == null && !holders;
    };
    findings.expect(well, Rule.VERSION, "is %s and yet %s", version.state().wire(), version);
    findings.expect(version.aliases().size() <= AliasRules.MOST, Rule.VERSION, "has %d aliases",
        version.aliases().size());
  }

  private void files(Version version, Manifest manifest, Findings findings) {
    boolean proved = version.proof() == Manifest.Proof.PROVED
        && !Set.of(Version.State.PENDING, Version.State.EXPIRED).contains(version.state());
    if (files != null && proved) {
      for (Artifact artifact : manifest.artifacts()) {
        asked.incrementAndGet();
        ArtifactStore.Finding found = files.verify(version.model(), version.version(), artifact);
        findings.expect(found instanceof ArtifactStore.Proved, Rule.FILE, "has the file %s: %s", artifact.path(),
            found);
      }
    }
  }
}
