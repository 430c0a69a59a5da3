package dev.modelops.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.checker.Checker;
import dev.modelops.json.Json;
import dev.modelops.testkit.ApiClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import org.jspecify.annotations.Nullable;

/** Whatever is sent, the answer is one of the contract's, and never the confession of a failure. */
class BodiesTest {

  private static final Registry REGISTRY = Registry.SHARED;
  private static final ApiClient ENGINEER = REGISTRY.engineer();
  private static final List<String> NAMES = List.of("kind", "department", "title", "tags", "people", "attributes",
      "owner", "riskTier", "vendor", "externalId", "artifacts", "references", "parameters", "trainingMetrics",
      "inputSchema",
      "sourceRun", "gitCommit", "datasets", "upstream", "description", "name", "status", "metrics", "report", "url",
      "version", "reason", "paths", "path", "size", "sha256", "mediaType", "uri", "system", "id", "model", "x");

  static {
    REGISTRY.model("b-any");
    REGISTRY.version("b-any");
    REGISTRY.engineer().put("/v1/models/b-any/aliases/champion", Map.of("version", 1)).is(201);
  }

  @AfterContainer
  static void nothingIsWrongWithWhatIsStored() {
    Checker.assertSound(REGISTRY.aws);
  }

  @Provide
  Arbitrary<Object> json() {
    Arbitrary<Object> scalar = Arbitraries.oneOf(Arbitraries.of("ml", "credit", "passed", "high", "a", "", "a/b",
        "\u0000", "\ud83d\ude00", "0".repeat(64), "application/json", "s3://b/k"), Arbitraries.integers().asGeneric(),
        Arbitraries.doubles().asGeneric(), Arbitraries.of(true, false).asGeneric(), Arbitraries.strings().ofMaxLength(8)
            .asGeneric(),
        Arbitraries.just(new Null()));
    Arbitrary<Object> nested = scalar;
    for (int depth = 0; depth < 3; depth++) {
      Arbitrary<Object> inner = nested;
      nested = Arbitraries.oneOf(scalar, inner.list().ofMaxSize(3).asGeneric(),
          Arbitraries.maps(Arbitraries.of(NAMES), inner).ofMaxSize(6).asGeneric());
    }
    return Arbitraries.maps(Arbitraries.of(NAMES), nested).ofMaxSize(8).asGeneric();
  }

  private record Null() {}

  @Property(tries = 100, shrinking = ShrinkingMode.OFF)
  void any_body_is_taken_or_refused(@ForAll("json") Object body) {
    byte[] json = Json.write(plain(body) instanceof Map<?, ?> map ? map : Map.of());
    String version = "/v1/models/b-any/versions";
    for (String[] operation : new String[][] {{"PUT", "/v1/models/b-new"}, {"PATCH", "/v1/models/b-any"},
        {"PUT", "/v1/models/b-any/risk-tier"}, {"POST", version}, {"PATCH", version + "/1"},
        {"POST", version + "/1/withdraw"}, {"POST", version + "/1/artifacts/uploads"}, {"POST", version + "/1/checks"},
        {"PUT", "/v1/models/b-any/aliases/champion"}}) {
      assertThat(ENGINEER.send(operation[0], operation[1], json).status())
          .as("%s %s %s", operation[0], operation[1], new String(json, StandardCharsets.UTF_8)).isLessThan(500);
    }
  }

  private static @Nullable Object plain(Object value) {
    return switch (value) {
      case Null none -> null;
      case Double number when !Double.isFinite(number) -> 0.5;
      case String text when !StandardCharsets.UTF_8.newEncoder().canEncode(text) -> "x";
      case List<?> list -> {
        List<@Nullable Object> plain = new ArrayList<>();
        list.forEach(each -> plain.add(plain(each)));
        yield plain;
      }
      case Map<?, ?> map -> {
        Map<String, @Nullable Object> plain = new LinkedHashMap<>();
        map.forEach((name, each) -> plain.put(name.toString(), plain(each)));
        yield plain;
      }
      default -> value;
    };
  }
}
