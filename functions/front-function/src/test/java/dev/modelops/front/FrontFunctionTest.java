package dev.modelops.front;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.access.Role;
import dev.modelops.domain.problem.Problem;
import dev.modelops.testkit.Answer;
import dev.modelops.testkit.ApiClient;
import dev.modelops.testkit.TestCallers;
import dev.modelops.testkit.TestContext;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrontFunctionTest {
  private final FrontFunction function = new FrontFunction(Map.of());
  private final ApiClient client = ApiClient.anonymous(function);

  @Test
  void healthNeedsNeitherStoreNorCredential() {
    assertThat(client.get("/health").is(200).text("/status")).isEqualTo("ok");
  }

  @Test
  void theContractIsServedAndKeptByItsTag() {
    Answer contract = client.get("/openapi.json").is(200);
    assertThat(contract.text("/info/title")).isEqualTo("ModelOps API");
    Answer again = client.with("If-None-Match", "W/\"x\", " + contract.etag()).get("/openapi.json").is(304);
    assertThat(again.body()).isEmpty();
    assertThat(again.header("Cache-Control")).isEqualTo("public, max-age=300");
  }

  @Test
  void theFrontPageIsForPeopleOrMachines() {
    Answer links = client.get("/").is(200);
    assertThat(links.text("/links/contract")).isEqualTo("/openapi.json");
    Answer page = client.with("Accept", "text/html,application/xhtml+xml,*/*;q=0.8").get("/").is(200);
    assertThat(page.body()).startsWith("<!doctype html>").contains("Version 0.1.0");
    assertThat(List.of(links, page)).as("a cache keeps them apart")
        .allMatch(answer -> answer.header("Vary").equals("Accept"));
    client.with("Accept", "image/png").get("/").is(406).isProblem("not-acceptable");
  }

  @ParameterizedTest
  @EnumSource(Problem.class)
  void everyProblemHasItsPage(Problem problem) {
    Answer page = client.get("/problems/" + problem.wire()).is(200);
    assertThat(page.text("/title")).isEqualTo(problem.title());
    assertThat(page.text("/description")).isNotEmpty();
    assertThat(client.with("Accept", "text/html").get("/problems/" + problem.wire()).is(200).body())
        .contains(problem.title());
  }

  @Test
  void anUnknownProblemHasNone() {
    client.get("/problems/nonsense").is(404).isProblem("not-found");
    assertThat(client.get("/problems/%3Cscript%3E").is(400).text("/errors/0/pointer")).isEqualTo("path:problem");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/nothing", "/v1", "/v2/health", "/health/", "//health", "/health%2F..", "/%2e%2e/health",
      "/openapi.json/x", "/%00", "/\u00e9"})
  void whatNobodyServesIsNotFound(String path) {
    client.get(path).is(404).isProblem("not-found");
    ApiClient.of(function, TestCallers.of(Role.ADMIN)).get(path).is(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "HEAD", "TRACE", "NONSENSE"})
  void otherMethodsAreNamedInAllow(String method) {
    Answer answer = client.send(method, "/health", null).is(405).isProblem("method-not-allowed");
    assertThat(answer.header("Allow")).isEqualTo("GET, OPTIONS");
  }

  @Test
  void preflightsNeedNoCredential() {
    assertThat(client.send("OPTIONS", "/health", null).is(204).header("Allow")).isEqualTo("GET, OPTIONS");
    client.send("OPTIONS", "/nothing", null).is(404);
  }

  @Test
  void theWeeklyCallAsksForNothing() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] call = "{\"source\":\"modelops.weekly\"}".getBytes(StandardCharsets.UTF_8);
    function.handleRequest(new ByteArrayInputStream(call), out, new TestContext());
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("{}");
  }
}
