package dev.modelops.edge;

import dev.modelops.json.Digests;
import dev.modelops.json.Json;
import dev.modelops.json.Schemas;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The contract (OpenAPI 3.1) as the running code was built with it: operations, paths, schemas. Never changes. */
public final class Contract {
  private static final String RESOURCE = "/dev/modelops/contract/openapi.json";

  private final byte[] bytes;
  private final JsonNode document;
  private final Schemas schemas;
  private final Map<String, Operation> operations;
  private final TreeMap<PathTemplate, Map<String, Operation>> paths;

  private Contract(byte[] bytes) {
    this.bytes = bytes;
    this.document = Json.read(bytes, JsonNode.class);
    this.schemas = new Schemas(document);
    this.operations = new ContractReader(document).operations().stream()
        .collect(Collectors.toUnmodifiableMap(Operation::id, operation -> operation));
    this.paths = new TreeMap<>();
    for (Operation operation : operations.values()) {
      paths.computeIfAbsent(operation.path(), path -> new TreeMap<>()).put(operation.method(), operation);
    }
  }

  /** Read once: on a laptop many functions share one JVM. */
  private static final class Shipped {
    static final Contract CONTRACT = read();

    private static Contract read() {
      try (InputStream in = Contract.class.getResourceAsStream(RESOURCE)) {
        if (in == null) {
          throw new IllegalStateException("the contract is not on the class path");
        }
        return new Contract(in.readAllBytes());
      } catch (IOException unreadable) {
        throw new UncheckedIOException(unreadable);
      }
    }
  }

  /** The contract that ships with the code. */
  public static Contract shipped() {
    return Shipped.CONTRACT;
  }

  /** Another one, for tests. */
  static Contract of(String json) {
    return new Contract(json.getBytes(StandardCharsets.UTF_8));
  }

  /** As JSON, as it is served. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** SHA-256 of {@link #bytes}. */
  public String digest() {
    return Digests.sha256(bytes);
  }

  public JsonNode document() {
    return document;
  }

  public String version() {
    return document.at("/info/version").asString("");
  }

  Schemas schemas() {
    return schemas;
  }

  Optional<Operation> operation(String id) {
    return Optional.ofNullable(operations.get(id));
  }

  /** All operations that one function serves, in the order of their ids. */
  List<Operation> servedBy(String function) {
    return operations.values().stream()
        .filter(operation -> operation.function().equals(function))
        .sorted((a, b) -> a.id().compareTo(b.id()))
        .toList();
  }

  /** What a path knows: its methods, and the values of its parameters. */
  record Match(Map<String, Operation> methods, Map<String, String> values) {
    @Nullable
    Operation operation(String method) {
      return methods.get(method);
    }

    String allow() {
      TreeSet<String> names = new TreeSet<>(methods.keySet());
      names.add("OPTIONS");
      return String.join(", ", names);
    }
  }

  Optional<Match> match(String path) {
    if (!path.startsWith("/")) {
      return Optional.empty();
    }
    List<String> segments = PathTemplate.split(path);
    for (Map.Entry<PathTemplate, Map<String, Operation>> each : paths.entrySet()) {
      Optional<Map<String, String>> values = each.getKey().match(segments);
      if (values.isPresent()) {
        return Optional.of(new Match(each.getValue(), values.get()));
      }
    }
    return Optional.empty();
  }
}
