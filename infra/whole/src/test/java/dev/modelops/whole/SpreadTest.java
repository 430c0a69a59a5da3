package dev.modelops.whole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.checker.Checker;
import dev.modelops.embedded.TestAws;
import dev.modelops.testkit.Answer;
import dev.modelops.testkit.Budget;
import dev.modelops.testkit.Budget.Spent;
import dev.modelops.testkit.Functions;
import dev.modelops.testkit.Writes;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * How writes spread over keys. DynamoDB takes 1,000 write units a second for a partition key, of an index too, and
 * throttles the table for either; DynamoDB Local never does.
 */
class SpreadTest {

  private static final int WORLDS = 4;
  /** Few writes may fall on one of several keys by chance, many do not. */
  private static final int ROUNDS = 6;
  /**
   * Keys that take all of what they are for, and why they may. What is checked in a transaction counts as written: it
   * costs the same.
   */
  private static final Map<String, String> ALONE = Map.of(
      "pk:m#*", "equal manifests are one item; those of these worlds are equal",
      "pk:x#department:*", "erasures of subjects, by hand",
      "pk:departments", "entered by hand; checked where a token or an identity provider is entered",
      "pk:identity-providers", "entered by hand",
      "pk:environments", "entered by hand; checked by each deployment, of which one environment so takes 500 a second");

  private final TestAws aws = TestAws.fresh();
  private final Functions functions = new Functions(aws);
  private final Writes writes = new Writes(functions::get);

  /** Every operation that writes, each in some worlds of its own, with all that makes those worlds. */
  @Test
  void noKeyTakesAllWritesOfADepartmentOfAMinuteOrOfWhoWritesThem() {
    // By what they are for: the attribute of the table's or index's key, and the key without what names its entity.
    Map<String, Map<String, Integer>> keys = new TreeMap<>();
    Map<String, Map<String, Integer>> uneven = keys;
    for (int round = 0; round < ROUNDS && (round == 0 || !uneven.isEmpty()); round++) {
      written(round).calls().stream().flatMap(call -> call.writtenKeys().stream()).forEach(key -> keys
          .computeIfAbsent(purpose(key), none -> new TreeMap<>()).merge(key, 1, Integer::sum));
      uneven = new TreeMap<>(keys);
      uneven.keySet().removeAll(ALONE.keySet());
      uneven.values().removeIf(SpreadTest::spread);
    }
    assertThat(uneven).as("what one key takes nearly all writes of").isEmpty();
    assertThat(keys.size()).isGreaterThan(30);
    assertThat(keys.keySet()).containsAll(ALONE.keySet());
    Checker.assertSound(aws);
  }

  private Spent written(int round) {
    return Budget.of(() -> {
      int operations = 0;
      for (String operation : writes.operations()) {
        operations++;
        for (int i = 0; i < WORLDS; i++) {
          String world = "spread-" + operations + "-" + (round * WORLDS + i);
          Answer answer = Writes.send(functions::get, writes.prepare(operation, world), operation);
          assertThat(answer.status()).as("%s: %s", operation, answer.body()).isBetween(200, 299);
        }
      }
    });
  }

  private static boolean spread(Map<String, Integer> writes) {
    int all = writes.values().stream().mapToInt(Integer::intValue).sum();
    return 4 * Collections.max(writes.values()) <= 3 * all;
  }

  /** The key without what differs between entities: names, numbers, shards. */
  private static String purpose(String key) {
    return key.substring(key.indexOf(' ') + 1).replaceAll("spread-[0-9]+-[0-9]+", "*")
        .replaceAll("(dep|tok|acc|svc|usr|src)_[0-9a-z]{20,}", "*").replaceAll("[0-9a-f]{64}", "*")
        .replaceAll("test-[0-9]+", "*").replaceAll("#[0-9]+(?=#|$)", "#*");
  }
}
