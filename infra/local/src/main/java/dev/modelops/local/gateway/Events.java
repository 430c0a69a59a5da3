package dev.modelops.local.gateway;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The events that functions and authorizers of an HTTP API are called with, payload format 2.0.
 *
 * <p>See "Working with AWS Lambda proxy integrations for HTTP APIs" and "Control access to HTTP APIs with AWS Lambda
 * authorizers" in the API Gateway developer guide.
 */
final class Events {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final DateTimeFormatter CLF =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH).withZone(ZoneOffset.UTC);
  private static final String ACCOUNT = "000000000000";
  private static final String API = "local";

  private Events() {}

  /**
   * @param authorizer what the authorizer said about the caller, when one was asked
   */
  static byte[] request(Incoming incoming, Routing.Match match, @Nullable JsonNode authorizer) {
    ObjectNode event = JSON.createObjectNode();
    event.put("version", "2.0");
    addRequest(event, incoming, match);
    if (authorizer != null) {
      ((ObjectNode) event.get("requestContext")).putObject("authorizer").set("lambda", authorizer);
    }
    addBody(event, incoming);
    return JSON.writeValueAsBytes(event);
  }

  static byte[] authorizer(Incoming incoming, Routing.Match match, String identity) {
    ObjectNode event = JSON.createObjectNode();
    event.put("version", "2.0");
    event.put("type", "REQUEST");
    event.put("routeArn", "arn:aws:execute-api:local:" + ACCOUNT + ":" + API + "/$default/" + incoming.method()
        + incoming.path());
    event.putArray("identitySource").add(identity);
    addRequest(event, incoming, match);
    return JSON.writeValueAsBytes(event);
  }

  private static void addRequest(ObjectNode event, Incoming incoming, Routing.Match match) {
    event.put("routeKey", match.route().key());
    event.put("rawPath", incoming.path());
    event.put("rawQueryString", incoming.query());
    if (!incoming.cookies().isEmpty()) {
      incoming.cookies().forEach(event.putArray("cookies")::add);
    }
    incoming.headers().forEach(event.putObject("headers")::put);
    Map<String, String> parameters = queryParameters(incoming.query());
    if (!parameters.isEmpty()) {
      parameters.forEach(event.putObject("queryStringParameters")::put);
    }
    if (!match.pathParameters().isEmpty()) {
      match.pathParameters().forEach(event.putObject("pathParameters")::put);
    }
    addContext(event.putObject("requestContext"), incoming, match);
  }

  private static void addContext(ObjectNode context, Incoming incoming, Routing.Match match) {
    context.put("accountId", ACCOUNT);
    context.put("apiId", API);
    context.put("domainName", incoming.headers().getOrDefault("host", "localhost"));
    context.put("domainPrefix", API);
    context.put("requestId", incoming.requestId());
    context.put("routeKey", match.route().key());
    context.put("stage", "$default");
    context.put("time", CLF.format(incoming.time()));
    context.put("timeEpoch", incoming.time().toEpochMilli());
    context.putObject("http")
        .put("method", incoming.method())
        .put("path", incoming.path())
        .put("protocol", incoming.protocol())
        .put("sourceIp", incoming.sourceIp())
        .put("userAgent", incoming.headers().getOrDefault("user-agent", ""));
  }

  private static void addBody(ObjectNode event, Incoming incoming) {
    byte[] body = incoming.body();
    String text = body == null ? null : asText(body, incoming);
    if (text != null) {
      event.put("body", text);
    } else if (body != null) {
      event.put("body", Base64.getEncoder().encodeToString(body));
    }
    event.put("isBase64Encoded", body != null && text == null);
  }

  /** The body as text when its type says that it is text and it is; compressed bodies are none. */
  private static @Nullable String asText(byte[] body, Incoming incoming) {
    if (incoming.header("content-encoding") != null || !isText(incoming.headers().getOrDefault("content-type", ""))) {
      return null;
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException noText) {
      return null;
    }
  }

  private static boolean isText(String contentType) {
    String type = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    return type.startsWith("text/")
        || type.equals("application/json")
        || type.equals("application/xml")
        || type.equals("application/javascript")
        || type.endsWith("+json")
        || type.endsWith("+xml");
  }

  /** Decoded; the values of a repeated parameter are joined by comma. */
  static Map<String, String> queryParameters(String query) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String pair : query.split("&")) {
      if (!pair.isEmpty()) {
        String[] parts = pair.split("=", 2);
        parameters.merge(Incoming.decode(parts[0], true), parts.length < 2 ? "" : Incoming.decode(parts[1], true),
            (first, next) -> first + "," + next);
      }
    }
    return parameters;
  }
}
