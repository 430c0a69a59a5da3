package dev.modelops.local.gateway;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the gateway would make of a request, the same at every time. */
public final class SampleEvents {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Instant TIME = Instant.parse("2026-01-01T12:00:00Z");
  private static final String ID = "JKJaXmPLvHcESHA=";

  private final Routing routing;

  public SampleEvents(List<Route> routes) {
    this.routing = new Routing(routes);
  }

  /** The route that takes the request. */
  public Optional<Route> route(String method, String path) {
    return routing.select(method, path).map(Routing.Match::route);
  }

  /**
   * The event that its function is called with.
   *
   * @param query as a client writes it
   * @param authorizer what the authorizer said about the caller; null on public paths
   */
  public JsonNode request(String method, String path, String query, Map<String, String> headers,
      byte @Nullable [] body, @Nullable JsonNode authorizer) {
    return JSON.readTree(Events.request(incoming(method, path, query, headers, body), match(method, path), authorizer));
  }

  /** The event that the authorizer is called with. */
  public JsonNode authorizer(String method, String path, String credential) {
    Incoming incoming = incoming(method, path, "", Map.of("authorization", credential), null);
    return JSON.readTree(Events.authorizer(incoming, match(method, path), credential));
  }

  private Routing.Match match(String method, String path) {
    return routing.select(method, path).orElseThrow(
        () -> new IllegalArgumentException("No route of the template takes " + method + " " + path));
  }

  private static Incoming incoming(String method, String path, String query, Map<String, String> more,
      byte @Nullable [] body) {
    Map<String, String> headers = new TreeMap<>(more);
    headers.put("accept", "application/json");
    headers.put("host", "api.example.com");
    headers.put("user-agent", "example/1.0");
    if (body != null) {
      headers.put("content-length", String.valueOf(body.length));
    }
    return new Incoming(ID, TIME, method, path, query, "HTTP/1.1", "192.0.2.1", headers, List.of(), body);
  }
}
