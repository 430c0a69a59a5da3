package dev.modelops.whole;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.modelops.json.Json;
import dev.modelops.testkit.TestContext;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import tools.jackson.databind.JsonNode;

/** What functions are called with that no caller asks for. */
final class Deliveries {

  private Deliveries() {}

  /** Items as their stream tells that they are new; none of them may fail. */
  static void to(RequestStreamHandler function, List<Map<String, AttributeValue>> items) {
    byte[] answer = call(function, Map.of("Records", items.stream().map(Deliveries::record).toList()));
    assertThat(Json.read(answer, JsonNode.class).path("batchItemFailures")).isEmpty();
  }

  /** An event, and what comes back. */
  static byte[] call(RequestStreamHandler function, Object event) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      function.handleRequest(new ByteArrayInputStream(Json.write(event)), out, new TestContext());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static Map<String, Object> record(Map<String, AttributeValue> item) {
    Map<String, Object> image = new HashMap<>();
    item.forEach((name, value) -> image.put(name, value.s() != null ? Map.of("S", value.s())
        : value.n() != null ? Map.of("N", value.n())
            : Map.of("B", Base64.getEncoder().encodeToString(value.b().asByteArray()))));
    return Map.of("eventID", "1", "eventName", "INSERT", "eventSource", "aws:dynamodb", "dynamodb",
        Map.of("Keys", Map.of("pk", image.get("pk"), "sk", image.get("sk")), "NewImage", image, "SequenceNumber", "1"));
  }
}
