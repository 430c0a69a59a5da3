package dev.modelops.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.modelops.domain.problem.Violation;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchemasTest {
  private static final Schemas SCHEMAS = new Schemas(Json.tree("""
      {"openapi": "3.1.0",
       "paths": {"/v1/things/{thing}": {"put": {"requestBody": {"content": {"application/json": {
         "schema": {"$ref": "#/components/schemas/Thing"}}}}}}},
       "components": {"schemas": {
         "Name": {"type": "string", "pattern": "^[a-z]+$", "maxLength": 5},
         "Thing": {"type": "object", "additionalProperties": false, "required": ["name", "size"],
           "properties": {
             "name": {"$ref": "#/components/schemas/Name"},
             "size": {"type": "integer", "minimum": 1, "maximum": 10},
             "kind": {"enum": ["a", "b"]},
             "at": {"type": "string", "format": "date-time"},
             "link": {"type": "string", "format": "uri"},
             "time": {"type": "string", "format": "duration"},
             "list": {"type": "array", "maxItems": 2, "uniqueItems": true, "items": {"type": "string"}},
             "maybe": {"type": ["string", "null"]},
             "map": {"type": "object", "propertyNames": {"pattern": "^[a-z]+$"},
               "additionalProperties": {"type": "number"}}}}}}}
      """.getBytes(UTF_8)));
  private static final String BODY =
      "/paths/~1v1~1things~1{thing}/put/requestBody/content/application~1json/schema";

  private static List<Violation> check(String json) {
    return SCHEMAS.check(BODY, Json.tree(json.getBytes(UTF_8)));
  }

  @Test
  void aValidBodyHasNoViolations() {
    assertThat(check("""
        {"name": "abc", "size": 1, "kind": "a", "at": "2026-01-01T00:00:00Z", "link": "https://a/b", "time": "PT1M",
         "list": ["x", "y"], "maybe": null, "map": {"a": 1.5}}""")).isEmpty();
  }

  @Test
  void allViolationsAreNamedAtOnce() {
    List<Violation> found = check("""
        {"name": "Abcdefgh", "kind": "c", "at": "yesterday", "link": "no uri", "time": "5", "list": ["x", "x", 3],
         "maybe": 1, "map": {"A": "x"}, "a/b": 1, "other": 2}""");
    assertThat(found.stream().map(violation -> violation.pointer() + " " + violation.code()))
        .containsExactlyInAnyOrder("/size required", "/name pattern", "/name length", "/kind enum", "/at format",
            "/link format", "/time format", "/list count", "/list unique", "/list/2 type", "/maybe type", "/map/A type",
            "/map/A name", "/a~1b unknown-field", "/other unknown-field");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2026-06-30T23:59:60Z", "2026-02-29T00:00:00Z", "2026-01-01T00:00:00",
      "2026-01-01 00:00:00Z"})
  void whatIsNoTimeForItsReaderIsNoneForTheSchema(String time) {
    assertThat(check("{\"name\": \"abc\", \"size\": 1, \"at\": \"" + time + "\"}"))
        .extracting(Violation::pointer, Violation::code).containsExactly(tuple("/at", "format"));
    assertThat(check("{\"name\": \"abc\", \"size\": 1, \"at\": \"2026-01-01t00:00:00.1234567891-23:59\"}")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e300", "-1.7976931348623157E308", "1e19"})
  void wholeNumbersThatNoLongHoldsAreViolationsAndNoFailure(String size) {
    assertThat(check("{\"name\": \"a\", \"map\": {\"b\": 1.5}, \"size\": " + size + "}"))
        .extracting(Violation::pointer, Violation::code).containsExactly(tuple("/size", "range"));
  }

  @Test
  void messagesSayWhatToDo() {
    assertThat(check("{\"name\": \"a\", \"size\": 11}")).containsExactly(
        new Violation("/size", "range", "must be at most 10, not 11", "at most 10"));
    assertThat(check("{\"name\": \"a\", \"size\": 1, \"nmae\": 1}")).containsExactly(
        new Violation("/nmae", "unknown-field", "`nmae` is not a field of this object",
            "at, kind, link, list, map, maybe, name, size, time"));
    assertThat(check("[]")).containsExactly(
        new Violation("", "type", "must be of type object, not an array", "object"));
  }
}
