package dev.modelops.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.Ref;
import dev.modelops.domain.access.Role;
import dev.modelops.domain.change.Lost;
import dev.modelops.edge.Things.Sent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyTest {
  private static final String KEY = "Idempotency-Key";
  private final Things things = new Things();

  @Test
  void theSameRequestIsAnsweredAsTheFirstTime() {
    Sent first = things.post("/things", "{\"name\":\"a\",\"size\":1}", KEY, "k1");
    assertThat(first.status()).isEqualTo(201);
    assertThat(first.headers()).doesNotContainKey("Idempotent-Replayed");
    Sent again = things.post("/things", "{ \"size\": 1.0e0, \"name\": \"a\" }".replace("1.0e0", "1"), KEY, "k1");
    assertThat(again.status()).isEqualTo(201);
    assertThat(again.headers()).containsEntry("Idempotent-Replayed", "true");
    assertThat(again.at("/name")).isEqualTo("again department:a");
    assertThat(things.memory.origins).hasSize(1);
  }

  @Test
  void anotherBodyUnderTheSameKeyIsRefused() {
    things.post("/things", "{\"name\":\"a\"}", KEY, "k1");
    Sent other = things.post("/things", "{\"name\":\"b\"}", KEY, "k1");
    assertThat(other.status()).isEqualTo(422);
    assertThat(other.problem()).isEqualTo("idempotency-key-reused");
  }

  @Test
  void keysBelongToTheirSubject() {
    things.post("/things", "{\"name\":\"a\"}", KEY, "k1");
    things.as("usr_2", Role.ML_ENGINEER);
    assertThat(things.post("/things", "{\"name\":\"b\"}", KEY, "k1").status()).isEqualTo(201);
  }

  @Test
  void aRefusedRequestIsNotRemembered() {
    things.have("a", 1);
    assertThat(things.post("/things", "{\"name\":\"a\"}", KEY, "k1").status()).isEqualTo(409);
    things.memory.states.clear();
    assertThat(things.post("/things", "{\"name\":\"a\"}", KEY, "k1").status()).isEqualTo(201);
  }

  @Test
  void theLoserOfARaceAnswersAsAReplay() {
    things.memory.before.add(() -> things.post("/things", "{\"name\":\"a\"}", KEY, "k1"));
    Sent loser = things.post("/things", "{\"name\":\"a\"}", KEY, "k1");
    assertThat(loser.status()).isEqualTo(201);
    assertThat(loser.headers()).containsEntry("Idempotent-Replayed", "true");
    assertThat(things.memory.origins).hasSize(1);
  }

  @Test
  void theLoserOfARaceWithAnotherBodyIsRefused() {
    things.memory.before.add(() -> things.post("/things", "{\"name\":\"a\"}", KEY, "k1"));
    assertThat(things.post("/things", "{\"name\":\"b\"}", KEY, "k1").problem()).isEqualTo("idempotency-key-reused");
  }

  @Test
  void whatTheSameRequestDidAMomentAgoIsNotHeldAgainstIt() {
    // Lost for another reason, then the action finds the thing there: it was the same request that made it.
    things.memory.losses.add(new Lost.Moved(Ref.department("other"), 2));
    things.memory.before.add(() -> {
      Lost.Cause mine = things.memory.losses.pop();
      things.post("/things", "{\"name\":\"a\"}", KEY, "k1");
      things.memory.losses.add(mine);
    });
    Sent loser = things.post("/things", "{\"name\":\"a\"}", KEY, "k1");
    assertThat(loser.status()).isEqualTo(201);
    assertThat(loser.headers()).containsEntry("Idempotent-Replayed", "true");
  }

  @Test
  void whatTheSameRequestWroteAMomentAgoIsAnsweredAsAReplay() {
    // The action finds the thing there, and would answer that it was there before: it was the same request that made it.
    things.meanwhile = () -> things.post("/things", "{\"name\":\"kept\"}", KEY, "k1");
    Sent loser = things.post("/things", "{\"name\":\"kept\"}", KEY, "k1");
    assertThat(loser.status()).isEqualTo(201);
    assertThat(loser.headers()).containsEntry("Idempotent-Replayed", "true");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "é", "a\tb"})
  void keysAreVisibleAscii(String key) {
    assertThat(things.post("/things", "{\"name\":\"a\"}", KEY, key).violations())
        .containsExactly("header:Idempotency-Key pattern");
    assertThat(things.post("/things", "{\"name\":\"a\"}", KEY, "k".repeat(256)).status()).isEqualTo(400);
    assertThat(things.post("/things", "{\"name\":\"a\"}", KEY, "k".repeat(255)).status()).isEqualTo(201);
  }

  @Test
  void racesAreRunAgainUntilTheyAreWon() {
    for (int i = 0; i < 40; i++) {
      things.memory.losses.add(new Lost.Moved(Ref.department("other"), i));
    }
    assertThat(things.post("/things", "{\"name\":\"a\"}").status()).isEqualTo(201);
  }

  @Test
  void racesThatAreAlwaysLostEndWithTheTimeOfTheRequest() {
    for (int i = 0; i < 100_000; i++) {
      things.memory.losses.add(new Lost.Moved(Ref.department("other"), i));
    }
    Sent sent = things.post("/things", "{\"name\":\"a\"}");
    assertThat(sent.status()).isEqualTo(503);
    assertThat(sent.headers()).containsKey("Retry-After");
    assertThat(things.memory.losses).isNotEmpty();
  }
}
