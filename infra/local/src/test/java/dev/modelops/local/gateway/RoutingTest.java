package dev.modelops.local.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.local.function.MountedFunction;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules and the example of "Create routes for HTTP APIs" in the API Gateway developer guide, and our own routes. */
final class RoutingTest {
  private static final Routing GUIDE = routing("GET /pets/dog/1", "GET /pets/dog/{id}", "GET /pets/{proxy+}",
      "ANY /{proxy+}", "$default");
  private static final Routing OURS = routing("$default", "ANY /v1/models", "ANY /v1/models/{proxy+}",
      "OPTIONS /v1/models/{proxy+}", "ANY /v1/models/{model}/metrics", "ANY /v1/models/{model}/metrics/{proxy+}",
      "ANY /v1/models/{model}/versions/{version}/deployability", "OPTIONS /v1/models/{model}/metrics");

  @ParameterizedTest
  @CsvSource({
      "GET,  /pets/dog/1,     GET /pets/dog/1",
      "GET,  /pets/dog/2,     GET /pets/dog/{id}",
      "GET,  /pets/cat/1,     GET /pets/{proxy+}",
      "POST, /test/5,         ANY /{proxy+}",
      "POST, /pets/dog/1,     ANY /{proxy+}",
      "GET,  /,               $default",
  })
  void followsTheExampleOfTheGuide(String method, String path, String route) {
    assertThat(selected(GUIDE, method, path)).hasValue(route);
  }

  @ParameterizedTest
  @CsvSource({
      "GET,     /v1/models,                              ANY /v1/models",
      "GET,     /v1/models/,                             $default",
      "GET,     /v1/models/fraud,                        ANY /v1/models/{proxy+}",
      "OPTIONS, /v1/models/fraud,                        OPTIONS /v1/models/{proxy+}",
      "GET,     /v1/models/fraud/metrics,                ANY /v1/models/{model}/metrics",
      "OPTIONS, /v1/models/fraud/metrics,                OPTIONS /v1/models/{model}/metrics",
      "GET,     /v1/models/fraud/metrics/series,         ANY /v1/models/{model}/metrics/{proxy+}",
      "GET,     /v1/models/metrics,                      ANY /v1/models/{proxy+}",
      "GET,     /v1/models/fraud/versions/3,             ANY /v1/models/{proxy+}",
      "GET,     /v1/models/a/versions/3/deployability,   ANY /v1/models/{model}/versions/{version}/deployability",
      "GET,     /v1/models/a/versions//deployability,    ANY /v1/models/{proxy+}",
      "GET,     /v1/models//x,                           ANY /v1/models/{proxy+}",
      "GET,     /V1/MODELS,                              $default",
      "GET,     /v1,                                     $default",
      "GET,     //v1/models,                             $default",
  })
  void prefersFullMatchesToGreedyOnesAndNamedMethodsToAny(String method, String path, String route) {
    assertThat(selected(OURS, method, path)).hasValue(route);
  }

  @Test
  void tellsWhatPathVariablesCaught() {
    assertThat(OURS.select("GET", "/v1/models/fraud/metrics/a/b").orElseThrow().pathParameters())
        .isEqualTo(Map.of("model", "fraud", "proxy", "a/b"));
  }

  @Test
  void findsNothingWithoutADefaultRoute() {
    assertThat(selected(routing("GET /v1/models"), "POST", "/v1/models")).isEmpty();
    assertThat(selected(routing("GET /v1/models"), "GET", "/v1")).isEmpty();
  }

  private static Optional<String> selected(Routing routing, String method, String path) {
    return routing.select(method, path).map(match -> match.route().key());
  }

  private static Routing routing(String... keys) {
    MountedFunction nothing = new MountedFunction("Nothing", (in, out, context) -> {}, Duration.ofSeconds(1), 128);
    return new Routing(List.of(keys).stream().map(key -> {
      String[] parts = key.split(" ");
      return parts.length == 1 ? new Route("ANY", key, nothing, false) : new Route(parts[0], parts[1], nothing, true);
    }).toList());
  }
}
