package dev.modelops.testkit;

import dev.modelops.json.Json;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.Assertions;
import tools.jackson.databind.JsonNode;

/**
 * An answer that has been held against the contract.
 *
 * @param headers by name, without regard to case
 * @param body as text; empty when there is none
 */
public record Answer(int status, Map<String, String> headers, String body) {
  /** Asserts the status and shows the body when it is another one. */
  public Answer is(int expected) {
    Assertions.assertThat(status).as("status of %s", body).isEqualTo(expected);
    return this;
  }

  /** Asserts a problem by the last part of its type, such as {@code not-found}. */
  public Answer isProblem(String problem) {
    Assertions.assertThat(text("/type")).as("problem in %s", body).isEqualTo("/problems/" + problem);
    return this;
  }

  public JsonNode json() {
    return Json.read(body, JsonNode.class);
  }

  public <T> T as(Class<T> type) {
    return Json.read(body, type);
  }

  /** A value of the body as text, by JSON pointer; empty when it is absent. */
  public String text(String pointer) {
    return json().at(pointer).asString("");
  }

  /** A header; fails when it is absent. */
  public String header(String name) {
    return Objects.requireNonNull(headers.get(name), () -> name + " is absent in " + headers);
  }

  public String etag() {
    return header("ETag");
  }
}
