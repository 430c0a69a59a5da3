package dev.modelops.whole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.checker.Checker;
import dev.modelops.embedded.TestAws;
import dev.modelops.testkit.Answer;
import dev.modelops.testkit.Budget;
import dev.modelops.testkit.Budget.Spent;
import dev.modelops.testkit.Functions;
import dev.modelops.testkit.Writes;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * How writes spread over keys. DynamoDB takes 1,000 write units a second for a partition key, of an index too, and
 * throttles the table for either; DynamoDB Local never does.
 */
class SpreadTest {

  private static final int WORLDS = 4;
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
    Spent spent = Budget.of(() -> {
      int operations = 0;
      for (String operation : writes.operations()) {
        operations++;
        for (int i = 0; i < WORLDS; i++) {
          Answer answer =
              Writes.send(functions::get, writes.prepare(operation, "spread-" + operations + "-" + i), operation);
          assertThat(answer.status()).as("%s: %s", operation, answer.body()).isBetween(200, 299);
        }
      }
    });
    // By what they are for: the attribute of the table's or index's key, and the key without what names its entity.
    Map<String, Map<String, Integer>> keys = new TreeMap<>();
    spent.calls().stream().flatMap(call -> call.writtenKeys().stream()).forEach(key -> keys
        .computeIfAbsent(purpose(key), none -> new TreeMap<>()).merge(key, 1, Integer::sum));
    assertThat(keys.size()).isGreaterThan(30);
    assertThat(keys.keySet()).containsAll(ALONE.keySet());
    keys.forEach((purpose, counts) -> {
      int all = counts.values().stream().mapToInt(Integer::intValue).sum();
      int most = counts.values().stream().mapToInt(Integer::intValue).max().orElseThrow();
      if (!ALONE.containsKey(purpose)) {
        assertThat(most).as("writes of one key of %s: %s", purpose, counts)
            .isLessThanOrEqualTo(Math.max(WORLDS - 1, all / 2));
      }
    });
    Checker.assertSound(aws);
  }

  /** The key without what differs between entities: names, numbers, shards. */
  private static String purpose(String key) {
    return key.substring(key.indexOf(' ') + 1).replaceAll("spread-[0-9]+-[0-9]+", "*")
        .replaceAll("(dep|tok|acc|svc|usr|src)_[0-9a-z]{20,}", "*").replaceAll("[0-9a-f]{64}", "*")
        .replaceAll("test-[0-9]+", "*").replaceAll("#[0-9]+(?=#|$)", "#*");
  }
}
