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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * How writes spread over keys. DynamoDB takes 1,000 write units a second for a partition key, of an index too, and
 * throttles the table for either; DynamoDB Local never does.
 */
class SpreadTest {

  /**
   * Few writes may fall on one of several keys by chance, many do not: of four keys one has more than half all the time in
   * a hundredth of all runs of 12 rounds, and in a hundred thousandth of those of 48. Nearly all need a handful.
   */
  private static final int ROUNDS = 48;
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
  private final List<String> operations = List.copyOf(writes.operations());

  /**
   * Every operation that writes, in a world of its own, with all that makes that world; in more worlds as long as one key
   * has more than half of what there is of its kind.
   */
  @Test
  void noKeyTakesAllWritesOfADepartmentOfAMinuteOrOfWhoWritesThem() {
    // By what they are for: the attribute of the table's or index's key, and the key without what names its entity.
    Map<String, Map<String, Integer>> keys = new TreeMap<>();
    Map<String, Set<String>> writers = new HashMap<>();
    Set<String> uneven = Set.of();
    for (int round = 0; round < ROUNDS && (round == 0 || !uneven.isEmpty()); round++) {
      Set<String> suspects = uneven;
      for (String operation : operations) {
        if (round == 0 || suspects.stream().anyMatch(purpose -> writers.getOrDefault(purpose, Set.of())
            .contains(operation))) {
          written(operation, round).forEach(key -> {
            keys.computeIfAbsent(purpose(key), none -> new TreeMap<>()).merge(key, 1, Integer::sum);
            writers.computeIfAbsent(purpose(key), none -> new HashSet<>()).add(operation);
          });
        }
      }
      uneven = keys.keySet().stream()
          .filter(purpose -> !ALONE.containsKey(purpose) && !spread(keys.getOrDefault(purpose, Map.of())))
          .collect(Collectors.toSet());
    }
    Map<String, Map<String, Integer>> found = new TreeMap<>(keys);
    found.keySet().retainAll(uneven);
    assertThat(found).as("what one key takes most writes of").isEmpty();
    assertThat(keys.size()).isGreaterThan(30);
    assertThat(keys.keySet()).containsAll(ALONE.keySet());
    Checker.assertSound(aws);
  }

  /** The keys that an operation writes to in another world, and what makes that. */
  private List<String> written(String operation, int round) {
    Spent spent = Budget.of(() -> {
      String world = "spread-" + operations.indexOf(operation) + "-" + round;
      Answer answer = Writes.send(functions::get, writes.prepare(operation, world), operation);
      assertThat(answer.status()).as("%s: %s", operation, answer.body()).isBetween(200, 299);
    });
    return spent.calls().stream().flatMap(call -> call.writtenKeys().stream()).toList();
  }

  private static boolean spread(Map<String, Integer> writes) {
    int all = writes.values().stream().mapToInt(Integer::intValue).sum();
    return 2 * Collections.max(writes.values()) <= all;
  }

  /** The key without what differs between entities: names, numbers, shards. */
  private static String purpose(String key) {
    return key.substring(key.indexOf(' ') + 1).replaceAll("spread-[0-9]+-[0-9]+", "*")
        .replaceAll("(dep|tok|acc|svc|usr|src)_[0-9a-z]{20,}", "*").replaceAll("[0-9a-f]{64}", "*")
        .replaceAll("test-[0-9]+", "*").replaceAll("#[0-9]+(?=#|$)", "#*");
  }
}
