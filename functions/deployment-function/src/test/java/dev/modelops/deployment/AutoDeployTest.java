package dev.modelops.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.Ref;
import dev.modelops.domain.access.Role;
import dev.modelops.domain.deployment.Deployment;
import dev.modelops.domain.deployment.Deployment.State;
import dev.modelops.domain.deployment.Environment;
import dev.modelops.domain.deployment.Environment.Comparison;
import dev.modelops.domain.deployment.Environment.Mode;
import dev.modelops.domain.deployment.Environment.RequiredCheck;
import dev.modelops.domain.deployment.Slot;
import dev.modelops.domain.registry.Check;
import dev.modelops.domain.registry.Manifest;
import dev.modelops.domain.registry.Model;
import dev.modelops.domain.registry.Version;
import dev.modelops.json.Json;
import dev.modelops.store.dynamodb.Images;
import dev.modelops.testkit.Answer;
import dev.modelops.testkit.Race;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

class AutoDeployTest {

  @RegisterExtension private static final Stage STAGE = new Stage();
  private static final AutoDeployFunction FUNCTION = new AutoDeployFunction(STAGE.aws.env("AutoDeployFunction"));

  @Test
  void a_version_that_becomes_ready_is_deployed_in_the_name_of_its_author() {
    Automation auto = switchedOn(0, Mode.RECORDED, false);
    int version = STAGE.version(auto.model(), Version.State.PENDING, Manifest.Proof.PROVED);
    auto.stream();
    STAGE.live(auto.place(), auto.model()).is(404);

    STAGE.ready(auto.model(), version);
    auto.stream();
    Deployment deployment = STAGE.deployment(auto.live().deployment());
    assertThat(deployment.requestedBy()).isEqualTo("usr_author");
    assertThat(deployment.onBehalfOf()).isEqualTo("github:1");
    assertThat(deployment.automatic()).isTrue();
    assertThat(STAGE.auditLog.chain(deployment.ref(), 1, 1).items().getFirst().actor()).isEqualTo("system:auto-deploy");
  }

  @Test
  void switching_it_on_takes_the_newest_of_what_is_there() {
    Automation auto = switchedOn(3, Mode.RECORDED, false);
    auto.stream();
    assertThat(auto.live().version()).isEqualTo(3);
    assertThat(auto.history()).containsExactly(3);
  }

  @Test
  void only_the_newest_version_whose_checks_have_passed_goes_and_never_an_older_one_after_it() {
    Automation auto = switchedOn(3, Mode.RECORDED, false, new RequiredCheck("q", "auc", Comparison.AT_LEAST, 0.9));
    STAGE.check(auto.model(), 2, "q", Check.Status.PASSED, Map.of("auc", 0.95));
    auto.stream();
    assertThat(auto.live().version()).isEqualTo(2);

    STAGE.check(auto.model(), 1, "q", Check.Status.PASSED, Map.of("auc", 0.99));
    auto.stream();
    STAGE.check(auto.model(), 3, "q", Check.Status.PASSED, Map.of("auc", 0.5));
    auto.stream();
    assertThat(auto.live().version()).isEqualTo(2);
    STAGE.check(auto.model(), 3, "q", Check.Status.PASSED, Map.of("auc", 0.9));
    auto.stream();
    assertThat(auto.history()).containsExactly(3, 2);
  }

  @Test
  void records_that_come_twice_late_and_in_any_order_do_no_harm() {
    Automation auto = switchedOn(0, Mode.RECORDED, false);
    List<Map<String, Object>> records = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      STAGE.version(auto.model());
    }
    records.addAll(auto.records());
    records.addAll(auto.records());
    Collections.shuffle(records, new Random(11));
    feed(records);
    assertThat(auto.history()).containsExactly(5);
    auto.stream();
    feed(auto.records().reversed());
    assertThat(auto.history()).containsExactly(5);
    InStep.check(STAGE, auto.place(), auto.model());
  }

  @Test
  void neither_a_rollback_nor_a_rejection_is_undone() {
    Automation auto = switchedOn(1, Mode.RECORDED, false);
    auto.stream();
    auto.next();
    assertThat(auto.live().version()).isEqualTo(2);
    STAGE.rollBack(auto.live().deployment()).is(201);
    auto.stream();
    auto.stream();
    assertThat(auto.live().version()).isEqualTo(1);

    auto.next();
    assertThat(auto.live().version()).isEqualTo(3);

    String guarded = STAGE.environment(Mode.RECORDED, true);
    switchOn(guarded, auto.model());
    auto.stream();
    String waiting = STAGE.slot(guarded, auto.model()).open().getFirst();
    STAGE.officer().post("/v1/deployments/" + waiting + "/approvals", Map.of("decision", "rejected")).is(200);
    auto.stream();
    assertThat(STAGE.slot(guarded, auto.model()).open()).isEmpty();
  }

  @Test
  void in_a_protected_environment_it_waits_and_only_the_newest_waits() {
    Automation auto = switchedOn(1, Mode.RECORDED, true);
    auto.stream();
    auto.next();

    List<String> open = auto.slot().open();
    assertThat(open).hasSize(1);
    assertThat(STAGE.deployment(open.getFirst()).state()).isEqualTo(State.AWAITING_APPROVAL);
    assertThat(STAGE.deployment(open.getFirst()).version()).isEqualTo(2);
    STAGE.approve(open.getFirst()).is(200);
  }

  @Test
  void where_one_is_deploying_the_next_goes_when_that_has_ended() {
    Automation auto = switchedOn(1, Mode.REPORTED, false);
    auto.stream();
    String first = Objects.requireNonNull(auto.slot().deploying());
    auto.next();
    assertThat(auto.slot().deploying()).isEqualTo(first);

    STAGE.report(first, "failed").is(200);
    auto.stream();
    assertThat(STAGE.deployment(Objects.requireNonNull(auto.slot().deploying())).version()).isEqualTo(2);
  }

  @Test
  void what_no_record_told_the_catch_up_finds() {
    Automation auto = switchedOn(2, Mode.RECORDED, false);
    Stage.invoke(FUNCTION, Map.of("source", "modelops.weekly"));
    STAGE.live(auto.place(), auto.model()).is(404);
    Stage.invoke(FUNCTION, Map.of("source", "modelops.catch-up"));
    assertThat(auto.live().version()).isEqualTo(2);
  }

  @Test
  void off_is_off_and_an_archived_model_stays_as_it_is() {
    Automation auto = switchedOn(1, Mode.RECORDED, false);
    Answer setting = STAGE.engineer().get(setting(auto.place(), auto.model())).is(200);
    STAGE.engineer().ifMatch(setting.etag()).put(setting(auto.place(), auto.model()), Map.of("enabled", false)).is(200);
    auto.stream();
    STAGE.live(auto.place(), auto.model()).is(404);

    String archived = STAGE.model(1);
    switchOn(auto.place(), archived);
    STAGE.archive(archived);
    feed(of(archived));
    STAGE.live(auto.place(), archived).is(404);
  }

  @Test
  void the_setting_is_changed_only_by_whoever_has_seen_it() {
    String model = STAGE.model(1);
    String place = STAGE.environment(Mode.RECORDED, true);
    STAGE.engineer().put(setting(place, model), Map.of("enabled", true)).is(428);
    STAGE.as(Role.DATA_SCIENTIST).ifMatch("\"0\"")
        .put(setting(place, model), Map.of("enabled", true)).is(403);
    STAGE.engineer().ifMatch("\"0\"").put(setting(place, model), Map.of("enabled", true)).is(200);
    STAGE.engineer().ifMatch("\"0\"").put(setting(place, model), Map.of("enabled", false)).is(412);
    List<Answer> answers = Race.of(8, i -> STAGE.engineer().ifMatch("\"1\"")
        .put(setting(place, model), Map.of("enabled", i % 2 == 0)));
    assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(1);
    assertThat(answers).filteredOn(answer -> answer.status() == 412).hasSize(7);
  }

  @Test
  void records_of_other_items_are_none_of_its_business() {
    String model = STAGE.model(1);
    Ref slot = Ref.slot("dev", model);
    feed(StreamRecords.of(STAGE.aws));
    assertThat(STAGE.entities.get(Slot.class, slot)).isEmpty();
  }

  @Test
  void the_template_lets_through_exactly_the_records_that_can_matter() throws IOException {
    String model = STAGE.model(1);
    STAGE.check(model, 1, "q", Check.Status.PASSED, Map.of());
    STAGE.environment(Mode.RECORDED, false);
    STAGE.asked(model, 1, "production");
    String template = Files.readString(Path.of(System.getProperty("modelops.root"), "template.yaml"));
    int pattern = template.indexOf("{\"eventName\"", template.indexOf("  AutoDeployFunction:"));
    JsonNode keys = Json.read(template.substring(pattern, template.indexOf("}}}}", pattern) + 4), JsonNode.class)
        .at("/dynamodb/Keys/pk/S");
    Predicate<String> passes = pk -> StreamSupport.stream(keys.spliterator(), false).anyMatch(
        key -> key.isString() ? key.asString().equals(pk) : pk.startsWith(key.at("/prefix").asString()));
    Set<Class<?>> mattering =
        Set.of(Version.class, Check.class, Slot.class, Model.class, Environment.class);

    Set<Class<?>> seen = new HashSet<>();
    for (Map<String, Object> record : StreamRecords.of(STAGE.aws)) {
      JsonNode image = Json.read(Json.write(record), JsonNode.class).at("/dynamodb/NewImage");
      Optional<Class<?>> kind = Images.entity(image).map(Object::getClass);
      kind.ifPresent(seen::add);
      assertThat(passes.test(image.at("/pk/S").asString())).as(image.at("/pk/S").asString())
          .isEqualTo(kind.map(mattering::contains).orElse(false));
    }
    assertThat(seen).containsAll(mattering);
  }

  private static String setting(String place, String model) {
    return "/v1/environments/" + place + "/models/" + model + "/auto-deploy";
  }

  private static void switchOn(String place, String model) {
    String etag = STAGE.engineer().get(setting(place, model)).is(200).etag();
    STAGE.engineer().ifMatch(etag).put(setting(place, model), Map.of("enabled", true)).is(200);
  }

  private static Automation switchedOn(int versions, Mode mode, boolean protection, RequiredCheck... checks) {
    Automation auto = new Automation(STAGE.model(versions), STAGE.environment(mode, protection, checks));
    switchOn(auto.place(), auto.model());
    return auto;
  }

  /** A model, and an environment where its versions are deployed by themselves. */
  private record Automation(String model, String place) {

    /** Feeds all records of the model so far, also those that were fed before. */
    void stream() {
      feed(records());
    }

    List<Map<String, Object>> records() {
      return of(model);
    }

    /** One more version, and what the stream tells of it. */
    void next() {
      STAGE.version(model);
      stream();
    }

    Slot slot() {
      return STAGE.slot(place, model);
    }

    Slot.Live live() {
      return Objects.requireNonNull(slot().live());
    }

    List<Integer> history() {
      return STAGE.engineer().all("/v1/environments/" + place + "/models/" + model + "/live/history").stream()
          .map(item -> item.at("/version").asInt()).toList();
    }
  }

  private static List<Map<String, Object>> of(String model) {
    return StreamRecords.of(STAGE.aws).stream().filter(record -> record.toString().contains(model)).toList();
  }

  private static void feed(List<Map<String, Object>> records) {
    for (int from = 0; from < records.size(); from += 100) {
      assertThat(Stage.invoke(FUNCTION,
          Map.of("Records", records.subList(from, Math.min(records.size(), from + 100)))).at("/batchItemFailures"))
          .isEmpty();
    }
  }
}
