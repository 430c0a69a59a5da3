package dev.modelops.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelops.domain.Ref;
import dev.modelops.domain.access.Caller;
import dev.modelops.domain.access.Grant;
import dev.modelops.domain.access.Permission;
import dev.modelops.domain.access.Role;
import dev.modelops.domain.access.SubjectType;
import dev.modelops.domain.deployment.Environment;
import dev.modelops.domain.problem.Refused;
import dev.modelops.domain.registry.ModelKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JsonTest {
  record Name(String value) {}

  record Thing(Name name, Instant at, Duration time, Ref ref, ModelKind kind, List<String> list,
      Map<String, Integer> map, @Nullable List<String> maybe, boolean flag, @Nullable Double number) {}

  sealed interface Shape {}

  record RoundThing(int radius) implements Shape {}

  record Square(int side) implements Shape {}

  record Holder(Shape shape, List<Shape> shapes) {}

  record Money(double amount) {}

  @Test
  void recordsAreWrittenByTheirComponents() {
    Thing thing = new Thing(new Name("x"), Instant.parse("2026-01-02T03:04:05.678901Z"), Duration.ofMinutes(15),
        Ref.version("Card-Fraud", 3), ModelKind.ML, List.of("a"), Map.of("b", 1, "a", 2), null, true, 1.5);
    String json = """
        {"name":"x","at":"2026-01-02T03:04:05.678Z","time":"PT15M","ref":"version:card-fraud:3","kind":"ml",\
        "list":["a"],"map":{"a":2,"b":1},"flag":true,"number":1.5}""";
    assertThat(Json.text(thing)).isEqualTo(json);
    assertThat(Json.text(Json.read(json, Thing.class))).isEqualTo(json);
  }

  @Test
  void entitiesHaveNoFieldsBesideTheirComponents() {
    Environment environment = Environment.initial().getFirst();
    assertThat(Json.text(environment)).isEqualTo(
        "{\"name\":\"dev\",\"mode\":\"recorded\",\"protection\":false,\"requiredChecks\":[],\"requireProved\":false,"
            + "\"timeLimit\":\"PT1H\"}");
    assertThat(Json.read(Json.write(environment), Environment.class)).isEqualTo(environment);
  }

  @Test
  void sealedTypesCarryTheirType() {
    Holder holder = new Holder(new RoundThing(1), List.of(new Square(2)));
    String json = "{\"shape\":{\"type\":\"round-thing\",\"radius\":1},\"shapes\":[{\"type\":\"square\",\"side\":2}]}";
    assertThat(Json.text(holder)).isEqualTo(json);
    assertThat(Json.read(json, Holder.class)).isEqualTo(holder);
    assertThat(Json.text(new Square(2))).isEqualTo("{\"type\":\"square\",\"side\":2}");
  }

  @Test
  void setsAreWrittenInOrder() {
    Grant grant = new Grant(Role.ML_ENGINEER, "*", Set.of(Permission.READ, Permission.MOVE_ALIASES),
        Set.of("z", "b", "a"), "usr_1");
    String json = "{\"role\":\"ml-engineer\",\"department\":\"*\",\"permissions\":[\"move-aliases\",\"read\"],"
        + "\"models\":[\"a\",\"b\",\"z\"],\"grantedBy\":\"usr_1\"}";
    assertThat(Json.text(grant)).isEqualTo(json);
    assertThat(Json.read(json, Grant.class)).isEqualTo(grant);
  }

  @Test
  void aCallerSurvivesTheWayThroughText() {
    Caller caller = new Caller("usr_1", SubjectType.PERSON, "Ann", null,
        List.of(new Grant(Role.ADMIN, "*", null, null, "system")), Instant.parse("2026-01-01T00:00:00Z"), "tok_1");
    assertThat(Json.read(Json.text(caller), Caller.class)).isEqualTo(caller);
  }

  @Test
  void storageIgnoresWhatItDoesNotKnowAndFillsWhatIsAbsent() {
    Thing thing = Json.read("{\"name\":\"x\",\"new\":1}", Thing.class);
    assertThat(thing.list()).isEmpty();
    assertThat(thing.map()).isEmpty();
    assertThat(thing.maybe()).isNull();
    assertThat(thing.flag()).isFalse();
  }

  @Test
  void bindingNamesTheFieldThatDoesNotFit() {
    assertThatThrownBy(() -> Json.bind(Json.tree("{\"list\":[\"a\",{}]}".getBytes()), Thing.class))
        .isInstanceOfSatisfying(Refused.class,
            refused -> assertThat(refused.violations().getFirst().pointer()).isEqualTo("/list/1"));
    assertThatThrownBy(() -> Json.bind(Json.tree("{\"lst\":[]}".getBytes()), Thing.class))
        .isInstanceOfSatisfying(Refused.class,
            refused -> assertThat(refused.violations().getFirst().pointer()).isEqualTo("/lst"));
  }

  @Test
  void anIntegerMayBeWrittenWithAPoint() {
    assertThat(Json.bind(Json.tree("{\"map\":{\"a\":1.0}}".getBytes()), Thing.class).map()).containsEntry("a", 1);
  }

  @Test
  void noNumberThatJsonCannotSayIsWritten() {
    assertThatThrownBy(() -> Json.text(new Money(Double.NaN))).hasMessageContaining("NaN");
    assertThatThrownBy(() -> Json.text(Map.of("x", Double.POSITIVE_INFINITY))).hasMessageContaining("Infinity");
  }

  @ParameterizedTest
  @EnumSource(ModelKind.class)
  void enumsAreLowerCase(ModelKind kind) {
    assertThat(Json.text(kind)).isEqualTo('"' + kind.name().toLowerCase() + '"');
    assertThat(Json.read(Json.text(kind), ModelKind.class)).isEqualTo(kind);
  }
}
