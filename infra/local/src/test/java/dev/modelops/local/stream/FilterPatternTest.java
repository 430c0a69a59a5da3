package dev.modelops.local.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Against "Filter rule syntax" of the Lambda developer guide. */
final class FilterPatternTest {
  private static final JsonNode RECORD = JsonMapper.shared().readTree("""
      {"eventName": "INSERT", "n": 5, "nothing": null, "list": ["a", "b"],
       "dynamodb": {"Keys": {"pk": {"S": "m#fraud"}}}}""");

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
      "{\"eventName\":[\"INSERT\",\"MODIFY\"]}                                    | true",
      "{\"eventName\":[\"REMOVE\"]}                                               | false",
      "{\"eventName\":[\"INSERT\"],\"n\":[6]}                                     | false",
      "{\"n\":[5.0]}                                                              | true",
      "{\"nothing\":[null]}                                                       | true",
      "{\"list\":[\"b\"]}                                                         | true",
      "{\"list\":[\"c\"]}                                                         | false",
      "{\"dynamodb\":{\"Keys\":{\"pk\":{\"S\":[{\"prefix\":\"m#\"}]}}}}           | true",
      "{\"dynamodb\":{\"Keys\":{\"pk\":{\"S\":[{\"prefix\":\"d#\"}]}}}}           | false",
      "{\"dynamodb\":{\"Keys\":{\"pk\":{\"S\":[{\"suffix\":\"fraud\"}]}}}}        | true",
      "{\"dynamodb\":{\"Keys\":{\"sk\":{\"S\":[{\"exists\":false}]}}}}            | true",
      "{\"dynamodb\":{\"Keys\":{\"pk\":{\"S\":[{\"exists\":true}]}}}}             | true",
      "{\"eventName\":[{\"anything-but\":[\"REMOVE\"]}]}                          | true",
      "{\"eventName\":[{\"anything-but\":\"INSERT\"}]}                            | false",
      "{\"eventName\":[{\"anything-but\":{\"prefix\":\"IN\"}}]}                   | false",
      "{\"absent\":[{\"anything-but\":[\"x\"]}]}                                  | false",
      "{\"eventName\":[{\"equals-ignore-case\":\"insert\"}]}                      | true",
      "{\"n\":[{\"numeric\":[\">\",1,\"<=\",5]}]}                                 | true",
      "{\"n\":[{\"numeric\":[\"=\",4]}]}                                          | false",
      "{\"$or\":[{\"n\":[1]},{\"eventName\":[\"INSERT\"]}]}                       | true",
      "{\"$or\":[{\"n\":[1]},{\"n\":[2]}]}                                        | false",
      "{}                                                                         | true",
  })
  void passesWhatTheGuideSays(String pattern, boolean passes) {
    assertThat(FilterPattern.of(pattern).test(RECORD)).isEqualTo(passes);
  }

  @Test
  void anyOfSeveralPatternsIsEnoughAndNonePassesEverything() {
    assertThat(FilterPattern.any(List.of("{\"n\":[1]}", "{\"n\":[5]}")).test(RECORD)).isTrue();
    assertThat(FilterPattern.any(List.of()).test(RECORD)).isTrue();
  }

  @Test
  void whatIsNotUnderstoodIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> FilterPattern.of("{\"n\":5}"));
    assertThatIllegalArgumentException().isThrownBy(() -> FilterPattern.of("{\"n\":[{\"wildcard\":\"*\"}]}"));
  }
}
