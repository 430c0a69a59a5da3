package dev.modelops.json;

import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.format.Format;
import com.networknt.schema.path.PathType;
import dev.modelops.domain.problem.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.JsonNodeException;

/**
 * The schemas of one OpenAPI 3.1 document (JSON Schema 2020-12, {@code $ref} within the document, formats asserted).
 * Nothing outside the document is ever fetched. Safe for use by many threads; each schema is compiled once.
 */
public final class Schemas {
  private static final String DOCUMENT = "https://modelops.dev/openapi.json";

  /** As it is read later. The library's own takes a third of the time that checking a batch of metrics takes. */
  private static final class DateTime implements Format {
    @Override
    public String getName() {
      return "date-time";
    }

    @Override
    public boolean matches(ExecutionContext context, String value) {
      return Times.parse(value).isPresent();
    }
  }

  private final JsonNode document;
  private final Schema root;
  private final Map<String, Schema> compiled = new ConcurrentHashMap<>();

  public Schemas(JsonNode document) {
    this.document = document;
    SchemaRegistryConfig config = SchemaRegistryConfig.builder()
        .formatAssertionsEnabled(true)
        .pathType(PathType.JSON_POINTER)
        .locale(Locale.ROOT)
        // A schema is compiled when it is first used: a function uses few of them.
        .preloadSchema(false)
        .build();
    Dialect dialect = Dialect.builder(Dialects.getDraft202012()).format(new DateTime()).build();
    this.root = SchemaRegistry.withDefaultDialect(dialect, builder -> builder.schemaRegistryConfig(config))
        .getSchema(SchemaLocation.of(DOCUMENT), document);
  }

  /**
   * All violations at once, empty when the value is valid.
   *
   * @param pointer where the schema is in the document, as a JSON pointer
   */
  public List<Violation> check(String pointer, JsonNode value) {
    try {
      return Violations.of(document, schema(pointer).validate(value));
    } catch (JsonNodeException tooLarge) {
      // The validator compares whole numbers as longs, also one that is written as 1e300.
      List<Violation> violations = new ArrayList<>();
      beyondLong("", value, violations);
      if (violations.isEmpty()) {
        throw tooLarge;
      }
      return violations;
    }
  }

  private static void beyondLong(String at, JsonNode value, List<Violation> violations) {
    if (value.isNumber() && Math.abs(value.doubleValue()) >= Long.MAX_VALUE) {
      violations.add(new Violation(at, "range", "this number is too large", "numbers of at most 64 bits"));
    }
    value.properties().forEach(each -> beyondLong(at + "/" + each.getKey().replace("~", "~0").replace("/", "~1"),
        each.getValue(), violations));
    for (int i = 0; value.isArray() && i < value.size(); i++) {
      beyondLong(at + "/" + i, value.get(i), violations);
    }
  }

  /** Compiles a schema ahead of its first use. */
  public void prepare(String pointer) {
    schema(pointer).initializeValidators();
  }

  private Schema schema(String pointer) {
    return compiled.computeIfAbsent(pointer,
        at -> root.getRefSchema(SchemaLocation.of(DOCUMENT + "#" + at).getFragment()));
  }
}
