package dev.modelops.deployment;

import dev.modelops.domain.Entities;
import dev.modelops.domain.Entity;
import dev.modelops.domain.Listing;
import dev.modelops.domain.Page;
import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.access.Scope;
import dev.modelops.domain.deployment.Environment;
import dev.modelops.domain.deployment.Slot;
import dev.modelops.domain.registry.Check;
import dev.modelops.domain.registry.Model;
import dev.modelops.domain.registry.Version;
import dev.modelops.edge.Invocation;
import dev.modelops.edge.ScheduleStep;
import dev.modelops.edge.Snapshot;
import dev.modelops.edge.StreamRecord;
import dev.modelops.edge.StreamStep;
import dev.modelops.store.dynamodb.Images;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Which slots to look at, given what has changed. A record only says where to look; what is done follows from what is
 * stored now ({@link AutoDeployment}). The catch-up looks at every slot whose setting is on, for whatever a lost or
 * expired record might have said.
 */
final class AutoDeploy implements StreamStep, ScheduleStep {

  private static final int PAGE = 100;

  private final Entities entities;
  private final Environments environments;
  private final AutoDeployment deployment;

  @Inject
  AutoDeploy(Entities entities, Environments environments, AutoDeployment deployment) {
    this.entities = entities;
    this.environments = environments;
    this.deployment = deployment;
  }

  @Override
  public Optional<StreamRecord> handle(List<StreamRecord> records, Invocation invocation) {
    // Many records of a batch point to the same slots: each is looked at once.
    Map<String, List<Ref>> automatic = new HashMap<>();
    Set<Ref> done = new LinkedHashSet<>();
    return StreamStep.each((record, run) -> {
      for (Ref slot : slots(record, automatic)) {
        if (!done.contains(slot)) {
          deployment.consider(slot, run);
          done.add(slot);
        }
      }
    }).handle(records, invocation);
  }

  private List<Ref> slots(StreamRecord record, Map<String, List<Ref>> automatic) {
    @Nullable Entity after = Images.entity(record.newImage()).orElse(null);
    @Nullable Entity before = Images.entity(record.oldImage()).orElse(null);
    return switch (after) {
      case Version version when version.state() == Version.State.READY
          && !(before instanceof Version was && was.state() == Version.State.READY) ->
        of(version.model(), automatic);
      case Check check -> of(check.model(), automatic);
      case Model model when model.state() == Model.State.ACTIVE && before instanceof Model was
          && was.state() != Model.State.ACTIVE ->
        of(model.name(), automatic);
      case Slot slot when slot.automatic() -> List.of(slot.ref());
      case Environment environment -> in(environment.name());
      case null, default -> List.of();
    };
  }

  private List<Ref> of(String model, Map<String, List<Ref>> automatic) {
    return automatic.computeIfAbsent(Ref.fold(model), name -> {
      List<Ref> slots = new ArrayList<>();
      @Nullable String position = null;
      do {
        Page<Stored<Slot>> page = entities.list(new Listing<>(Slot.class,
            new Listing.Children(Ref.model(name), false), Slot::automatic, PAGE, position));
        page.items().forEach(slot -> slots.add(slot.entity().ref()));
        position = page.position();
      } while (position != null);
      return slots;
    });
  }

  private List<Ref> in(String environment) {
    List<Ref> slots = new ArrayList<>();
    @Nullable String position = null;
    do {
      Page<Stored<Slot>> page = entities.list(new Listing<>(Slot.class,
          new Listing.ByTerm(Scope.ALL, "auto-deploy", environment, false), Slot::automatic, PAGE, position));
      page.items().forEach(slot -> slots.add(slot.entity().ref()));
      position = page.position();
    } while (position != null);
    return slots;
  }

  @Override
  public void prime() {
    Environment environment = Environment.initial().getFirst();
    environments.list(1, null);
    in(environment.name());
    deployment
        .prime(new Slot(environment.name(), Snapshot.NOBODY, Snapshot.NOBODY, null, null, null, null, List.of(), 0,
            new Slot.AutoDeploy(true, Instant.EPOCH, Snapshot.NOBODY)));
    JsonNode image = Images.image(Snapshot.version());
    handle(List.of(new StreamRecord(Snapshot.NOBODY, "INSERT", "1", image, image, null)),
        new Invocation(Snapshot.NOBODY, Instant.EPOCH, Instant.EPOCH));
  }

  /** The catch-up. */
  @Override
  public int run(Invocation invocation) {
    int asked = 0;
    @Nullable String position = null;
    do {
      Page<Stored<Environment>> page = environments.list(PAGE, position);
      for (Stored<Environment> environment : page.items()) {
        for (Ref slot : in(environment.entity().name())) {
          if (Instant.now().isBefore(invocation.deadline()) && deployment.consider(slot, invocation)) {
            asked++;
          }
        }
      }
      position = page.position();
    } while (position != null);
    return asked;
  }
}
