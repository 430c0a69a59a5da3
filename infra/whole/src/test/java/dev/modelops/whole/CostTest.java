package dev.modelops.whole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.checker.Checker;
import dev.modelops.domain.access.Role;
import dev.modelops.embedded.TestAws;
import dev.modelops.json.Digests;
import dev.modelops.json.Json;
import dev.modelops.testkit.Answer;
import dev.modelops.testkit.ApiClient;
import dev.modelops.testkit.Budget;
import dev.modelops.testkit.Budget.Spent;
import dev.modelops.testkit.Functions;
import dev.modelops.testkit.Operations;
import dev.modelops.testkit.TestCallers;
import dev.modelops.testkit.TestContext;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What calls cost, from the calls that they make to AWS and the sizes of items. The table of the README is what is
 * measured here. Prices of on-demand tables, functions and the HTTP API as of 2026-11, US East, in dollars per million.
 */
class CostTest {

  private static final double WRITE_UNIT = 0.625;
  private static final double READ_UNIT = 0.125;
  private static final double S3_HEAD = 0.40;
  /** HTTP API and 10 ms of a function of one core. */
  private static final double CALL = 1.44;
  private static final double MOST_OF_AN_AUDIT_PAGE = 12;

  private static final Path README = Path.of(System.getProperty("modelops.root", "../..")).resolve("README.md");
  private static final TestAws AWS = TestAws.fresh();
  private static final Functions FUNCTIONS = new Functions(AWS);
  private static final ApiClient ENGINEER = as(Role.ML_ENGINEER);
  private static final ApiClient OPERATOR = as(Role.OPERATOR);
  private static final String NOW = Instant.now().toString();

  /** A row of the README's table. */
  private record Row(String what, double writeUnits, double readUnits, long s3Requests) {
    Row(String what, Spent spent) {
      this(what, spent.writeUnits() - 8 * spent.s3Requests(), spent.readUnits(), spent.s3Requests());
    }

    @Override
    public String toString() {
      double dollars = CALL + writeUnits * WRITE_UNIT + readUnits * READ_UNIT + s3Requests * S3_HEAD;
      return String.format(Locale.ROOT, "| %s | %s | %s | %s | %.2f |", what, units(writeUnits), units(readUnits),
          s3Requests == 0 ? "" : s3Requests, dollars);
    }

    private static String units(double units) {
      return units == 0 ? "" : units == Math.rint(units) ? Long.toString((long) units) : Double.toString(units);
    }
  }

  private static ApiClient as(Role role) {
    return ApiClient.anonymous(FUNCTIONS.api()).as(TestCallers.service(role, role == Role.ADMIN ? "*" : "credit"));
  }

  @BeforeAll
  static void models() {
    as(Role.ADMIN).put("/v1/departments/credit", Map.of("title", "Credit")).is(201);
    IntStream.range(0, 60).forEach(i -> model("fraud-" + i));
    ENGINEER.post("/v1/models/fraud-0/versions", Map.of()).is(201);
  }

  @AfterAll
  static void nothingIsWrongWithWhatIsStored() {
    Checker.assertSound(AWS);
    AWS.close();
  }

  private static Answer model(String name) {
    return ENGINEER.put("/v1/models/" + name, Map.of("kind", "ml", "department", "credit", "title", "Card fraud",
        "owner", "usr_ada", "riskTier", "high", "tags", Map.of("team", "payments"))).is(201);
  }

  private static void upload(JsonNode grant, String content) throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(grant.path("url").asString()))
        .PUT(HttpRequest.BodyPublishers.ofString(content));
    grant.path("headers").properties().stream().filter(header -> !header.getKey().equals("content-length"))
        .forEach(header -> request.header(header.getKey(), header.getValue().asString()));
    try (HttpClient http = HttpClient.newHttpClient()) {
      assertThat(http.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode()).isEqualTo(200);
    }
  }

  /** A thousand points of one series, as durations are measured: milliseconds to three digits. */
  private static Map<String, Object> batch() {
    Random random = new Random(7);
    Instant start = Instant.parse(NOW).minusSeconds(50);
    List<Map<String, Object>> points = IntStream.range(0, 1000).<Map<String, Object>>mapToObj(i -> Map.of("time",
        start.plusMillis(i * 50L).toString(), "value",
        Math.round(Math.exp(random.nextGaussian() / 2 + 3) * 1000) / 1000.0))
        .toList();
    return Map.of("model", "fraud-0", "environment", "staging", "series",
        List.of(Map.of("metric", "latency_ms", "version", 1, "points", points)));
  }

  @Test
  void theTableOfTheReadmeIsWhatIsMeasured() throws Exception {
    List<Row> rows = new ArrayList<>();
    rows.add(new Row("check a token: once in 30 s", authorizer()));
    rows.add(row("create a model, 2 words in its title, one tag", () -> model("costly-1")));
    rows.add(row("read a model", () -> ENGINEER.get("/v1/models/fraud-1").is(200)));
    rows.add(row("list or search models, a page of 20", () -> ENGINEER.get("/v1/models?tag=team:payments").is(200)));

    List<Answer> created = new ArrayList<>();
    rows.add(row("create a version: 3 files, 4 KB of manifest, `externalId`",
        () -> created.add(ENGINEER.post("/v1/models/fraud-1/versions", ThreeFiles.version(1)).is(201))));
    for (JsonNode file : created.getFirst().json().path("uploads")) {
      upload(file.path("grant"), file.path("path").asString() + 1);
    }
    rows.add(row("finalise it", () -> ENGINEER.post("/v1/models/fraud-1/versions/1/finalize").is(200)));
    rows.add(row("post a check", () -> ENGINEER.post("/v1/models/fraud-1/versions/1/checks",
        Map.of("name", "holdout", "status", "passed", "metrics", Map.of("auc", 0.93))).is(201)));
    rows.add(row("move an alias", () -> ENGINEER.put("/v1/models/fraud-1/aliases/champion", Map.of("version", 1))
        .is(201)));
    rows.add(row("deploy it, live at once", () -> ENGINEER.post("/v1/deployments",
        Map.of("model", "fraud-1", "version", 1, "environment", "staging")).is(201)));
    Spent live = Budget.of(() -> ENGINEER.get("/v1/environments/staging/models/fraud-1/live").is(200));
    rows.add(new Row("which version is live (also as `304`)", live));

    Spent intake = Budget.of(() -> OPERATOR.post("/v1/metrics", batch()).is(202));
    rows.add(new Row("post 1,000 points of a known series", Budget.of(() -> OPERATOR.post("/v1/metrics",
        Json.text(batch()).replace("\"version\":1", "\"version\":1,\"labels\":{}")).is(202))));
    rollUp();
    Spent poll = Budget.of(() -> assertThat(ENGINEER.get(
        "/v1/models/fraud-0/metrics?environment=staging&series=latency_ms@1&step=1m").is(200).json().toString())
        .contains("p99"));
    rows.add(new Row("poll a series' last hour by minute", poll));
    Spent audit = Budget.of(() -> assertThat(as(Role.AUDITOR).get("/v1/audit?limit=50&actor=svc_ml-engineer_credit")
        .is(200).json().path("items")).hasSize(50));
    // How entries lie in the four partitions differs from run to run.
    rows.add(new Row("audit, 50 entries by who did it, at most", 0, MOST_OF_AN_AUDIT_PAGE, 0));

    assertThat(rows.getFirst().readUnits()).isLessThanOrEqualTo(1);
    assertThat(rows.get(3).readUnits()).isLessThanOrEqualTo(16);
    assertThat(rows.get(4).writeUnits()).isLessThanOrEqualTo(18);
    assertThat(live.readUnits()).isLessThanOrEqualTo(1);
    assertThat(intake.writeUnits()).isLessThanOrEqualTo(13);
    assertThat(poll.readUnits()).isLessThanOrEqualTo(3);
    assertThat(audit.readUnits()).isLessThanOrEqualTo(MOST_OF_AN_AUDIT_PAGE);
    assertThat(Files.readString(README).lines().filter(line -> line.matches("\\|.*\\| [0-9.]+ \\|")).toList())
        .as("the table of costs in README.md").containsExactlyElementsOf(rows.stream().map(Row::toString).toList());
  }

  private static Row row(String what, Runnable call) {
    return new Row(what, Budget.of(call));
  }

  private static Spent authorizer() throws IOException {
    String token = as(Role.ADMIN).post("/v1/tokens", Map.of("name", "dashboard", "subject",
        Map.of("type", "service", "displayName", "Dashboard"), "grants",
        List.of(Map.of("role", "viewer", "department", "credit")), "lifetime", "P90D")).is(201).text("/secret");
    ask(token);
    // The gateway remembers the answer, and does not ask again meanwhile.
    return Budget.of(() -> ask(token));
  }

  private static void ask(String token) {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    try {
      FUNCTIONS.get("AuthorizerFunction").handleRequest(new ByteArrayInputStream(Json.write(Map.of("version", "2.0",
          "type", "REQUEST", "routeArn", "arn", "identitySource", List.of("Bearer " + token), "headers",
          Map.of("authorization", "Bearer " + token), "requestContext",
          Map.of("requestId", "r", "http", Map.of("method", "GET", "path", "/v1/models", "sourceIp", "192.0.2.1"))))),
          answer, new TestContext());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    assertThat(answer.toString(StandardCharsets.UTF_8)).contains("principal");
  }

  /** Hands the stored blocks to the roll-up as their stream does. */
  private static void rollUp() {
    Deliveries.to(FUNCTIONS.get("RollupFunction"),
        AWS.dynamo().scan(s -> s.tableName(AWS.physicalName("MetricsTable"))).items()
            .stream().filter(item -> item.containsKey("d") && item.containsKey("req")).toList());
  }
}
