package dev.modelops.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.access.Role;
import dev.modelops.domain.deployment.Deployment;
import dev.modelops.domain.deployment.Environment.Mode;
import dev.modelops.domain.deployment.Slot;
import dev.modelops.json.Json;
import dev.modelops.testkit.Answer;
import dev.modelops.testkit.TestCallers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LiveTest {

  @RegisterExtension private static final Stage STAGE = new Stage();

  @Test
  void polling_what_is_live_costs_a_304_until_it_changes() {
    String model = STAGE.model(2);
    STAGE.asked(model, 1, "staging");
    Answer live = STAGE.live("staging", model).is(200);
    assertThat(live.header("Cache-Control")).isEqualTo("private, no-cache");
    String poll = "/v1/environments/staging/models/" + model + "/live";
    STAGE.engineer().with("If-None-Match", live.etag()).get(poll).is(304);

    // Something on its way to elsewhere does not wake the pollers.
    STAGE.asked(model, 2, "production");
    STAGE.engineer().with("If-None-Match", live.etag()).get(poll).is(304);
    STAGE.asked(model, 2, "staging");
    assertThat(STAGE.engineer().with("If-None-Match", live.etag()).get(poll).is(200).json().at("/version").asInt())
        .isEqualTo(2);
  }

  @Test
  void an_instant_on_the_boundary_belongs_to_the_newer_version() {
    String model = STAGE.model(2);
    Instant first = liveAt(STAGE.asked(model, 1, "staging"));
    Deployment second = STAGE.asked(model, 2, "staging");
    Instant boundary = liveAt(second);

    assertThat(versionAt(model, boundary)).contains(2);
    assertThat(versionAt(model, boundary.minusMillis(1))).contains(1);
    assertThat(versionAt(model, first)).contains(1);
    assertThat(versionAt(model, first.minusMillis(1))).isEmpty();
    Answer then = at(model, first).is(200);
    assertThat(then.text("/until")).isEqualTo(at(model, boundary).text("/since"));
    at(model, Instant.now().plus(Duration.ofHours(1))).is(400);
    STAGE.engineer().get("/v1/environments/staging/models/" + model + "/live?at=yesterday").is(400);
  }

  @Test
  void at_every_instant_of_a_random_history_one_version_is_live_or_none_by_walk_and_by_index() {
    Random random = new Random(7);
    String model = STAGE.model(4);
    List<Instant> instants = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      Optional<Slot.Live> live = slotLive(model);
      int dice = random.nextInt(10);
      if (dice < 2 && live.isPresent()) {
        STAGE.operator().post("/v1/deployments/" + live.get().deployment() + "/retire").is(200);
      } else if (dice < 4 && live.isPresent()) {
        STAGE.rollBack(live.get().deployment());
      } else {
        STAGE.asked(model, 1 + random.nextInt(4), "staging");
      }
      instants.add(Instant.now().truncatedTo(java.time.temporal.ChronoUnit.MILLIS));
    }
    InStep.check(STAGE, "staging", model);
    List<Deployment> history = history(model);
    assertThat(history).isSortedAccordingTo(
        java.util.Comparator.comparing((Deployment deployment) -> liveAt(deployment)).reversed());
    history.forEach(deployment -> {
      instants.add(liveAt(deployment));
      instants.add(liveAt(deployment).minusMillis(1));
      Optional.ofNullable(deployment.endedAt()).ifPresent(instants::add);
    });

    PointInTime pointInTime = new PointInTime(STAGE.entities);
    Slot slot = STAGE.slot("staging", model);
    for (Instant at : instants) {
      List<String> holders =
          history.stream().filter(deployment -> deployment.liveAt(at)).map(Deployment::id).toList();
      assertThat(holders).hasSizeLessThanOrEqualTo(1);
      Optional<String> expected = holders.stream().findFirst();
      assertThat(pointInTime.find(slot, at, Instant.now()).map(Live::deployment)).as("walk at %s", at)
          .isEqualTo(expected);
      assertThat(pointInTime.find(slot, at, Instant.now().plusSeconds(3600)).map(Live::deployment))
          .as("index at %s", at).isEqualTo(expected);
    }
  }

  @Test
  void the_live_list_of_an_environment_pages_over_models_now_and_then() {
    String place = STAGE.environment(Mode.RECORDED, false);
    List<String> models = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      String model = STAGE.model(2);
      models.add(model);
      STAGE.asked(model, 1, place);
    }
    Instant then = Instant.now();
    pause();
    String gone = models.get(2);
    STAGE.operator().post("/v1/deployments/" + slot(place, gone).deployment() + "/retire").is(200);
    STAGE.asked(models.get(0), 2, place);

    assertThat(list(place, "")).containsExactlyInAnyOrderElementsOf(
        models.stream().filter(model -> !model.equals(gone))
            .map(model -> model + (model.equals(models.get(0)) ? ":2" : ":1")).toList());
    assertThat(list(place, "&at=" + then)).containsExactlyInAnyOrderElementsOf(
        models.stream().map(model -> model + ":1").toList());
    STAGE.engineer().get("/v1/environments/nowhere/live").is(404);
    assertThat(STAGE.as(TestCallers.of(Role.VIEWER, "elsewhere")).get("/v1/environments/" + place + "/live").is(200)
        .json().at("/items")).isEmpty();
  }

  private static void pause() {
    try {
      Thread.sleep(5);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Slot.Live slot(String place, String model) {
    return Objects.requireNonNull(STAGE.slot(place, model).live());
  }

  private static Optional<Slot.Live> slotLive(String model) {
    return STAGE.entities.get(Slot.class, dev.modelops.domain.Ref.slot("staging", model))
        .map(stored -> stored.entity().live());
  }

  private static List<String> list(String place, String query) {
    return STAGE.engineer().all("/v1/environments/" + place + "/live?limit=2" + query).stream()
        .map(item -> item.at("/model").asString() + ":" + item.at("/version").asInt()).toList();
  }

  private static List<Deployment> history(String model) {
    return STAGE.engineer().all("/v1/environments/staging/models/" + model + "/live/history?limit=4").stream()
        .map(item -> Json.read(item.toString(), Deployment.class)).toList();
  }

  private static Instant liveAt(Deployment deployment) {
    return Objects.requireNonNull(deployment.liveAt());
  }

  private static Answer at(String model, Instant at) {
    return STAGE.engineer().get("/v1/environments/staging/models/" + model + "/live?at=" + at);
  }

  private static Optional<Integer> versionAt(String model, Instant at) {
    Answer answer = at(model, at);
    return answer.status() == 404 ? Optional.empty() : Optional.of(answer.is(200).json().at("/version").asInt());
  }
}
