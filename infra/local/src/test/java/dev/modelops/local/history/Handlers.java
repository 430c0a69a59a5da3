package dev.modelops.local.history;

import dev.modelops.json.Json;
import dev.modelops.testkit.Answer;
import dev.modelops.testkit.ApiClient;
import dev.modelops.testkit.Functions;
import dev.modelops.testkit.Operations;
import dev.modelops.testkit.TestCallers;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** The API by the handlers of its functions, each answer held against the contract. One subject per role. */
final class Handlers implements Api {

  private static final Map<String, String> SERVED_BY = Operations.all().stream()
      .collect(Collectors.toMap(Operations.Operation::id, Operations.Operation::functionId));

  private final Functions functions;

  Handlers(Functions functions) {
    this.functions = functions;
  }

  @Override
  public Answer send(Call call) {
    ApiClient client = ApiClient.of(functions.get(Objects.requireNonNull(SERVED_BY.get(call.operation()))),
        TestCallers.of(call.role()));
    for (Map.Entry<String, String> header : call.headers().entrySet()) {
      client = client.with(header.getKey(), header.getValue());
    }
    return client.send(call.method(), call.target(), call.body() == null ? null : Json.write(call.body()));
  }
}
