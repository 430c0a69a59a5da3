package dev.modelops.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.Listing;
import dev.modelops.domain.Page;
import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.access.Scope;
import dev.modelops.domain.deployment.Deployment;
import dev.modelops.domain.deployment.Slot;
import dev.modelops.domain.registry.Version;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What must be true of a slot, its deployments and its versions whenever nobody is writing. */
final class InStep {

  private InStep() {}

  static void check(Stage stage, String environment, String model) {
    Slot slot = stage.slot(environment, model);
    List<Deployment> all = new ArrayList<>();
    @Nullable String position = null;
    do {
      Page<Stored<Deployment>> page = stage.entities.list(new Listing<>(Deployment.class,
          new Listing.ByTerm(Scope.ALL, "model", Ref.fold(model), true),
          deployment -> deployment.environment().equals(environment), 100, position));
      page.items().forEach(stored -> all.add(stored.entity()));
      position = page.position();
    } while (position != null);
    List<Deployment> live = all.stream().filter(deployment -> deployment.state() == Deployment.State.LIVE).toList();
    assertThat(live).hasSizeLessThanOrEqualTo(1);
    Slot.Live stands = slot.live();
    assertThat(stands == null ? null : stands.deployment()).isEqualTo(live.isEmpty() ? null : live.getFirst().id());
    assertThat(slot.open()).containsExactlyInAnyOrderElementsOf(
        all.stream().filter(deployment -> deployment.state().open()).map(Deployment::id).toList());
    assertThat(all.stream().filter(deployment -> deployment.state() == Deployment.State.DEPLOYING)
        .map(Deployment::id)).isEqualTo(slot.deploying() == null ? List.of() : List.of(slot.deploying()));
    List<Deployment> ever = all.stream().filter(deployment -> deployment.liveAt() != null)
        .sorted(Comparator.comparing(deployment -> Objects.requireNonNull(deployment.liveAt()))).toList();
    for (int i = 1; i < ever.size(); i++) {
      assertThat(ever.get(i).liveAt()).isAfterOrEqualTo(Objects.requireNonNull(ever.get(i - 1).endedAt()));
      assertThat(ever.get(i).previous()).isEqualTo(ever.get(i - 1).id());
    }
    for (int number : all.stream().map(Deployment::version).distinct().toList()) {
      Version version = stage.stored(model, number);
      assertThat(version.liveIn().contains(environment))
          .isEqualTo(stands != null && stands.version() == number);
      assertThat(version.openDeployments()).containsAll(all.stream()
          .filter(deployment -> deployment.version() == number && deployment.state().open()).map(Deployment::id)
          .toList());
    }
  }
}
