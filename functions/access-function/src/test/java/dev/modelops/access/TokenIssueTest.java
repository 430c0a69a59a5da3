package dev.modelops.access;

import static dev.modelops.access.TokensStage.lasting;
import static dev.modelops.access.TokensStage.life;
import static dev.modelops.access.TokensStage.newPerson;
import static dev.modelops.access.TokensStage.token;
import static dev.modelops.access.TokensStage.viewer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.Ref;
import dev.modelops.domain.access.Caller;
import dev.modelops.domain.access.Permission;
import dev.modelops.domain.audit.AuditEntry;
import dev.modelops.json.Json;
import dev.modelops.testkit.Answer;
import dev.modelops.testkit.ApiClient;
import dev.modelops.testkit.Race;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class TokenIssueTest {

  @RegisterExtension private static final TokensStage STAGE = new TokensStage();
  private static final ApiClient ADMIN = STAGE.admin;
  private static final ApiClient ENGINEER = STAGE.engineer;

  @Test
  void a_token_is_shown_once_works_at_once_and_its_hash_never_leaves() throws Exception {
    Answer made = ADMIN.post("/v1/tokens", newPerson("Grace", "risk-officer", "fraud")).is(201);

    assertThat(made.header("Location")).isEqualTo("/v1/tokens/" + made.text("/token/id"));
    assertThat(made.header("Cache-Control")).isEqualTo("no-store");
    Caller caller = STAGE.caller(made.text("/secret"));
    assertThat(caller.subject()).isEqualTo(made.text("/token/subject/id")).startsWith("usr_");
    assertThat(caller.may(Permission.APPROVE, "fraud")).isTrue();
    assertThat(caller.grants().getFirst().grantedBy()).isEqualTo("usr_admin");
    String hash = ApiToken.parse(made.text("/secret")).orElseThrow().hash();
    for (Answer later : List.of(ADMIN.get(made.header("Location")).is(200), ADMIN.get("/v1/tokens").is(200), made)) {
      assertThat(later.body()).doesNotContain(hash).doesNotContain("secretHash");
    }
    assertThat(ADMIN.get(made.header("Location")).body()).doesNotContain(made.text("/secret"));
  }

  @Test
  void the_answer_given_again_holds_no_secret_and_makes_no_second_token() {
    ApiClient again = ADMIN.with("Idempotency-Key", "create-1");
    Object body = newPerson("Alan", "viewer", "fraud");

    Answer first = again.post("/v1/tokens", body).is(201);
    Answer second = again.post("/v1/tokens", body).is(201);

    assertThat(second.text("/token/id")).isEqualTo(first.text("/token/id"));
    assertThat(first.text("/secret")).isNotBlank();
    assertThat(second.json().has("secret")).isFalse();
    assertThat(second.header("Idempotent-Replayed")).isEqualTo("true");
    again.post("/v1/tokens", newPerson("Alan", "viewer", "credit")).is(422).isProblem("idempotency-key-reused");
  }

  @Test
  void of_many_who_send_one_request_again_all_get_the_same_token() {
    Set<String> made = ConcurrentHashMap.newKeySet();
    AtomicInteger secrets = new AtomicInteger();
    Object body = newPerson("Again", "viewer", "fraud");

    Race.of(8, i -> {
      Answer answer = ADMIN.with("Idempotency-Key", "race").post("/v1/tokens", body);
      made.add(answer.text("/token/id"));
      secrets.addAndGet(answer.json().has("secret") ? 1 : 0);
      return answer;
    });

    assertThat(made).hasSize(1);
    assertThat(secrets).hasValue(1);
  }

  @Test
  void grants_that_make_no_sense_are_refused_with_every_reason_at_once() {
    Answer refused = ADMIN.post("/v1/tokens", token(Map.of("type", "service", "displayName", "CI"), null,
        Map.of("role", "risk-officer", "department", "fraud"),
        Map.of("role", "viewer", "department", "fraud", "permissions", List.of("approve")),
        Map.of("role", "admin", "department", "fraud", "models", List.of("m")),
        Map.of("role", "viewer", "department", "nowhere"))).is(422).isProblem("unprocessable");

    assertThat(refused.json().path("errors").findValuesAsString("code"))
        .containsExactly("service-cannot-approve", "beyond-role", "admin-of-models", "unknown");
    ADMIN.post("/v1/tokens", token(Map.of("type", "service"), null, viewer())).is(422);
    ADMIN.post("/v1/tokens", token(Map.of("id", "usr_nobody"), null, viewer())).is(422);
    ADMIN.post("/v1/tokens", token(Map.of("id", "usr_x", "type", "person"), null, viewer())).is(422);
    ADMIN.post("/v1/tokens", "{\"name\":\"x\",\"grants\":[]}").is(422);
    ADMIN.post("/v1/tokens", "{\"name\":\"x\",\"grants\":[{\"role\":\"root\",\"department\":\"*\"}]}").is(400);
    ADMIN.post("/v1/tokens",
        "{\"name\":\"x\",\"secretHash\":\"00\",\"grants\":[{\"role\":\"viewer\",\"department\":\"*\",\"grantedBy\":\"usr_me\"}]}")
        .is(400);
  }

  @Test
  void what_a_token_may_hold_fits_one_read_unit() {
    List<String> models = IntStream.range(0, 20).mapToObj(i -> "m" + i + "x".repeat(120)).toList();

    ADMIN.post("/v1/tokens", token(Map.of("type", "service", "displayName", "CI"), null,
        Map.of("role", "viewer", "department", "fraud", "models", models))).is(422);
  }

  @Test
  void the_largest_token_is_read_for_one_read_unit() {
    List<String> models = IntStream.range(0, 17).mapToObj(i -> "m" + i + "x".repeat(120)).toList();
    Answer made = ADMIN.post("/v1/tokens", Map.of("name", "\uD83D\uDD11".repeat(50), "subject",
        Map.of("type", "service", "displayName", "CI"), "grants",
        List.of(Map.of("role", "viewer", "department", "fraud", "models", models)))).is(201);
    ADMIN.post(made.header("Location") + "/rotate", "{}").is(201);
    ADMIN.post(made.header("Location") + "/revoke").is(200);

    int bytes = STAGE.aws.dynamo().getItem(get -> get.tableName(STAGE.aws.physicalName("RecordsTable"))
        .key(Map.of("pk", AttributeValue.fromS("token#" + made.text("/token/id")), "sk", AttributeValue.fromS("-"))))
        .item().entrySet().stream().mapToInt(each -> each.getKey().length() + size(each.getValue())).sum();

    assertThat(bytes).isBetween(100, 4096);
  }

  private static int size(AttributeValue value) {
    return value.b() != null ? value.b().asByteArrayUnsafe().length
        : value.s() != null ? value.s().getBytes(StandardCharsets.UTF_8).length : 21;
  }

  @Test
  void a_lifetime_is_bounded() {
    assertThat(life(ADMIN.post("/v1/tokens", newPerson("A", "viewer", "fraud")).is(201)))
        .isEqualTo(Duration.ofDays(90));
    assertThat(life(ADMIN.post("/v1/tokens", lasting("P365D")).is(201))).isEqualTo(Duration.ofDays(365));
    ADMIN.post("/v1/tokens", lasting("P366D")).is(422);
    ADMIN.post("/v1/tokens", lasting("PT59S")).is(422);
    ADMIN.post("/v1/tokens", lasting("P1Y")).is(400);
    ENGINEER.post("/v1/tokens", token(null, "P91D", Map.of("role", "viewer", "department", "fraud"))).is(422);
  }

  @Test
  void every_change_is_on_record_and_no_secret_is() {
    Answer made =
        ADMIN.with("X-Reason", "new colleague").post("/v1/tokens", newPerson("Audited", "viewer", "fraud")).is(201);
    Answer next = ADMIN.post(made.header("Location") + "/rotate", "{}").is(201);
    ADMIN.post(made.header("Location") + "/revoke").is(200);

    List<AuditEntry> chain = STAGE.store.audit().chain(Ref.token(made.text("/token/id")), 1, 10).items();

    assertThat(chain).extracting(AuditEntry::action).containsExactly("token.created", "token.rotated", "token.revoked");
    assertThat(chain).extracting(AuditEntry::actor).containsOnly("usr_admin");
    assertThat(chain).extracting(AuditEntry::department).containsOnly("fraud");
    assertThat(chain.getFirst().reason()).isEqualTo("new colleague");
    assertThat(chain.getFirst().changes()).anyMatch(change -> change.pointer().equals("/secretHash"));
    for (Answer issued : List.of(made, next)) {
      ApiToken secret = ApiToken.parse(issued.text("/secret")).orElseThrow();
      assertThat(Json.text(chain)).doesNotContain(secret.hash()).doesNotContain(secret.secret())
          .doesNotContain("Audited");
    }
  }
}
