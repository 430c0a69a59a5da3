package dev.modelops.access;

import static dev.modelops.testkit.TestCallers.grant;
import static dev.modelops.testkit.TestCallers.person;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.Ref;
import dev.modelops.domain.access.Caller;
import dev.modelops.domain.access.Permission;
import dev.modelops.domain.access.Role;
import dev.modelops.domain.access.SubjectType;
import dev.modelops.domain.audit.AuditEntry;
import dev.modelops.embedded.TestAws;
import dev.modelops.json.Json;
import dev.modelops.testkit.Answer;
import dev.modelops.testkit.ApiClient;
import dev.modelops.testkit.TestCallers;
import dev.modelops.testkit.TestContext;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import tools.jackson.databind.JsonNode;

class TokensFunctionTest {

  private static final TestAws AWS = TestAws.fresh();
  private static final TokensFunction FUNCTION = new TokensFunction(AWS.env("TokensFunction"));
  private static final AuthorizerFunction AUTHORIZER = new AuthorizerFunction(AWS.env("AuthorizerFunction"));
  private static final TestStore STORE = TestStore.of(AWS, Clock.systemUTC());
  private static final ApiClient ADMIN = client(TestCallers.of(Role.ADMIN));
  private static final ApiClient FRAUD_ADMIN = client(TestCallers.of(Role.ADMIN, "fraud"));
  private static final ApiClient ENGINEER = client(TestCallers.of(Role.ML_ENGINEER, "fraud"));

  @BeforeAll
  static void departments() {
    ADMIN.put("/v1/departments/fraud", "{\"title\":\"Fraud\"}").is(201);
    ADMIN.put("/v1/departments/credit", "{}").is(201);
  }

  // --- making tokens

  @Test
  void a_token_is_shown_once_works_at_once_and_its_hash_never_leaves() throws Exception {
    Answer made = ADMIN.post("/v1/tokens", newPerson("Grace", "risk-officer", "fraud")).is(201);

    assertThat(made.header("Location")).isEqualTo("/v1/tokens/" + made.text("/token/id"));
    assertThat(made.header("Cache-Control")).isEqualTo("no-store");
    Caller caller = caller(made.text("/secret"));
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
  void an_admin_grants_nothing_to_himself() {
    Answer refused = ADMIN.post("/v1/tokens",
        token(Map.of("id", "usr_admin"), null, Map.of("role", "ml-engineer", "department", "*"))).is(403)
        .isProblem("forbidden");
    assertThat(refused.text("/errors/0/pointer")).isEqualTo("/grants/0");
    assertThat(refused.text("/errors/0/code")).isEqualTo("beyond-own-grant");
    ADMIN.post("/v1/tokens", token(null, null, Map.of("role", "risk-officer", "department", "fraud"))).is(403);
  }

  @Test
  void others_pass_on_a_part_of_their_own_and_stand_behind_the_services_they_make() throws Exception {
    Answer own = ENGINEER.post("/v1/tokens", token(null, null, Map.of("role", "ml-engineer", "department", "fraud",
        "permissions", List.of("post-metrics"), "models", List.of("card-fraud")))).is(201);
    Caller narrow = caller(own.text("/secret"));
    assertThat(narrow.subject()).isEqualTo("usr_ml-engineer_fraud");
    assertThat(narrow.may(Permission.POST_METRICS, "fraud", "CARD-FRAUD")).isTrue();
    assertThat(narrow.may(Permission.POST_METRICS, "fraud", "other")).isFalse();
    assertThat(narrow.may(Permission.READ, "fraud", "card-fraud")).isFalse();
    assertThat(narrow.onBehalfOf()).isNull();

    Answer service = ENGINEER.post("/v1/tokens", newService("ml-engineer", "fraud")).is(201);
    assertThat(caller(service.text("/secret")).onBehalfOf()).isEqualTo("usr_ml-engineer_fraud");
    assertThat(
        caller(ADMIN.post("/v1/tokens", newService("ml-engineer", "fraud")).is(201).text("/secret")).onBehalfOf())
        .isNull();
  }

  @Test
  void nobody_passes_on_more_than_he_holds_or_to_somebody_else() {
    ENGINEER.post("/v1/tokens", token(null, null, Map.of("role", "operator", "department", "fraud"))).is(403);
    ENGINEER.post("/v1/tokens", token(null, null, Map.of("role", "ml-engineer", "department", "credit"))).is(403);
    ENGINEER.post("/v1/tokens", token(null, null, Map.of("role", "ml-engineer", "department", "*"))).is(403);
    ENGINEER.post("/v1/tokens", newService("admin", "fraud")).is(403);
    ENGINEER.post("/v1/tokens", newPerson("Eve", "viewer", "fraud")).is(403);
    String other = ADMIN.post("/v1/tokens", newPerson("Other", "viewer", "fraud")).is(201).text("/token/subject/id");
    ENGINEER.post("/v1/tokens", token(Map.of("id", other), null, Map.of("role", "viewer", "department", "fraud")))
        .is(403);
    client(TestCallers.stranger()).post("/v1/tokens", newService("viewer", "fraud")).is(403);
    client(TestCallers.service(Role.ML_ENGINEER, "fraud")).post("/v1/tokens", newService("viewer", "fraud")).is(403);
  }

  @Test
  void a_token_narrowed_to_metrics_cannot_be_made_into_more() throws Exception {
    Answer own = ENGINEER.post("/v1/tokens",
        token(null, null, Map.of("role", "ml-engineer", "department", "fraud", "permissions", List.of("post-metrics"))))
        .is(201);
    ApiClient leaked = client(caller(own.text("/secret")));
    String strong = ENGINEER.post("/v1/tokens", token(null, null, Map.of("role", "ml-engineer", "department", "fraud")))
        .is(201).text("/token/id");

    leaked.post("/v1/tokens", token(null, null, Map.of("role", "ml-engineer", "department", "fraud"))).is(403);
    leaked.post("/v1/tokens/" + strong + "/rotate", "{}").is(403);
    assertThat(Instant.parse(leaked.post("/v1/tokens",
        token(null, null,
            Map.of("role", "data-engineer", "department", "fraud", "permissions", List.of("post-metrics"))))
        .is(201).text("/token/expiresAt"))).as("no longer than the token it was made with")
        .isEqualTo(Instant.parse(own.text("/token/expiresAt")));
  }

  @Test
  void a_department_admin_rules_his_department_and_no_other() {
    Answer made = FRAUD_ADMIN.post("/v1/tokens", newPerson("Joan", "operator", "fraud")).is(201);

    FRAUD_ADMIN.post("/v1/tokens", newPerson("Joan", "operator", "credit")).is(403);
    FRAUD_ADMIN.post("/v1/tokens", newPerson("Joan", "operator", "*")).is(403);
    FRAUD_ADMIN.put("/v1/departments/new", "{}").is(404);
    FRAUD_ADMIN.get("/v1/identity-providers").is(404);
    FRAUD_ADMIN.delete("/v1/subjects/usr_x").is(404);
    String foreign = ADMIN.post("/v1/tokens", newPerson("Kay", "viewer", "credit")).is(201).header("Location");
    FRAUD_ADMIN.get(foreign).is(404);
    FRAUD_ADMIN.post(foreign + "/revoke").is(404);
    FRAUD_ADMIN.post(foreign + "/rotate", "{}").is(404);
    FRAUD_ADMIN.get(made.header("Location")).is(200);
    FRAUD_ADMIN.post(made.header("Location") + "/revoke").is(200);
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
  void a_lifetime_is_bounded() {
    assertThat(life(ADMIN.post("/v1/tokens", newPerson("A", "viewer", "fraud")).is(201)))
        .isEqualTo(Duration.ofDays(90));
    assertThat(life(ADMIN.post("/v1/tokens", lasting("P365D")).is(201))).isEqualTo(Duration.ofDays(365));
    ADMIN.post("/v1/tokens", lasting("P366D")).is(422);
    ADMIN.post("/v1/tokens", lasting("PT59S")).is(422);
    ADMIN.post("/v1/tokens", lasting("P1Y")).is(400);
    ENGINEER.post("/v1/tokens", token(null, "P91D", Map.of("role", "viewer", "department", "fraud"))).is(422);
  }

  // --- rotation and revocation

  @Test
  void a_rotated_token_has_a_successor_and_lives_on_for_the_overlap() throws Exception {
    Answer made = ENGINEER.post("/v1/tokens", newService("viewer", "fraud")).is(201);
    Answer next =
        ENGINEER.with("X-Reason", "yearly").post(made.header("Location") + "/rotate", "{\"overlap\":\"PT1H\"}")
            .is(201);

    Answer old = ENGINEER.get(made.header("Location")).is(200);
    assertThat(old.text("/rotatedTo")).isEqualTo(next.text("/token/id"));
    assertThat(Duration.between(Instant.parse(next.text("/token/createdAt")), Instant.parse(old.text("/expiresAt"))))
        .isEqualTo(Duration.ofHours(1));
    assertThat(caller(made.text("/secret")).subject()).isEqualTo(caller(next.text("/secret")).subject());
    assertThat(life(next)).isEqualTo(life(made));
    ENGINEER.post(made.header("Location") + "/rotate", "{}").is(409).isProblem("conflict");
    ENGINEER.post(next.header("Location") + "/rotate", "{\"overlap\":\"P7DT1S\"}").is(422);
    Answer last = ENGINEER.post(next.header("Location") + "/rotate", "{\"overlap\":\"PT0S\"}").is(201);
    assertThat(error(next.text("/secret"))).isEqualTo("expired");
    assertThat(caller(last.text("/secret"))).isNotNull();
  }

  @Test
  void one_rotates_ones_own_token_with_itself_and_keeps_who_granted_it() throws Exception {
    Answer made = ADMIN.post("/v1/tokens", newPerson("Rosa", "risk-officer", "fraud")).is(201);
    Caller rosa = caller(made.text("/secret"));

    Answer next = client(rosa).post(made.header("Location") + "/rotate").is(201);

    assertThat(caller(next.text("/secret")).grants()).isEqualTo(rosa.grants());
    client(rosa).post(next.header("Location") + "/rotate", "{\"lifetime\":\"P91D\"}").is(422);
  }

  @Test
  void an_admin_who_rotates_the_token_of_another_is_the_one_who_granted_it() throws Exception {
    Answer made = ADMIN.post("/v1/tokens", newPerson("Lise", "risk-officer", "fraud")).is(201);

    Answer next = FRAUD_ADMIN.post(made.header("Location") + "/rotate", "{}").is(201);

    assertThat(caller(next.text("/secret")).grants().getFirst().grantedBy()).isEqualTo("usr_admin_fraud");
  }

  @Test
  void a_revoked_token_is_refused_for_ever_and_revoking_again_changes_nothing() throws Exception {
    Answer made = ADMIN.post("/v1/tokens", newPerson("Max", "viewer", "fraud")).is(201);
    ApiClient max = client(caller(made.text("/secret")));

    Answer revoked = max.with("Idempotency-Key", "r1").post(made.header("Location") + "/revoke").is(200);

    assertThat(revoked.text("/state")).isEqualTo("revoked");
    assertThat(error(made.text("/secret"))).isEqualTo("revoked");
    assertThat(max.with("Idempotency-Key", "r1").post(made.header("Location") + "/revoke").is(200).etag())
        .isEqualTo(revoked.etag());
    assertThat(ADMIN.post(made.header("Location") + "/revoke").is(200).etag()).isEqualTo(revoked.etag());
    ADMIN.post(made.header("Location") + "/rotate", "{}").is(409);
  }

  // --- reading

  @Test
  void everybody_lists_his_own_an_admin_those_of_his_departments() throws Exception {
    Caller own = person("usr_lister", grant(Role.ML_ENGINEER, "fraud"));
    ApiClient lister = client(own);
    Answer mine = lister.post("/v1/tokens", token(null, null, viewer())).is(201);
    Answer service = lister.post("/v1/tokens", newService("viewer", "fraud")).is(201);
    Answer credit = ADMIN.post("/v1/tokens", newPerson("Cred", "viewer", "credit")).is(201);
    String both = ADMIN.post("/v1/tokens", token(Map.of("type", "person", "displayName", "Both"), null, viewer(),
        Map.of("role", "viewer", "department", "credit"))).is(201).text("/token/id");
    caller(mine.text("/secret"));

    assertThat(ids(lister, "/v1/tokens")).containsExactly(mine.text("/token/id"));
    assertThat(lister.get("/v1/tokens").text("/items/0/lastUsedOn"))
        .isEqualTo(LocalDate.now(ZoneOffset.UTC).toString());
    assertThat(ids(lister, "/v1/tokens?createdBy=usr_lister"))
        .containsExactlyInAnyOrder(mine.text("/token/id"), service.text("/token/id"));
    assertThat(ids(lister, "/v1/tokens?createdBy=usr_lister&subject=" + service.text("/token/subject/id")))
        .containsExactly(service.text("/token/id"));
    lister.get("/v1/tokens?subject=" + credit.text("/token/subject/id")).is(403);
    lister.get("/v1/tokens?createdBy=usr_admin").is(403);
    lister.get(credit.header("Location")).is(404);
    assertThat(ids(FRAUD_ADMIN, "/v1/tokens?state=active")).contains(mine.text("/token/id"), service.text("/token/id"))
        .doesNotContain(credit.text("/token/id"), both);
    assertThat(ids(FRAUD_ADMIN, "/v1/tokens?subject=" + credit.text("/token/subject/id"))).isEmpty();
    assertThat(ids(ADMIN, "/v1/tokens?limit=2"))
        .contains(mine.text("/token/id"), service.text("/token/id"), credit.text("/token/id"), both);
    assertThat(ids(ADMIN, "/v1/tokens?state=revoked")).doesNotContain(mine.text("/token/id"));
    assertThat(ids(ADMIN, "/v1/tokens?subject=usr_lister")).containsExactly(mine.text("/token/id"));
  }

  @Test
  void who_one_is_says_what_one_may() {
    Answer me = client(new Caller("svc_x", SubjectType.SERVICE, null, "usr_behind",
        List.of(grant(Role.BUSINESS_OWNER, "fraud"), grant(Role.VIEWER, "fraud"),
            grant(Role.ML_ENGINEER, "credit", Set.of(Permission.POST_METRICS), Set.of("m"))),
        Instant.parse("2099-01-01T00:00:00Z"), "tok_x")).get("/v1/whoami").is(200);

    assertThat(me.text("/onBehalfOf")).isEqualTo("usr_behind");
    assertThat(me.text("/effective/0/permissions/0")).isEqualTo("read");
    assertThat(me.json().at("/effective/0/permissions").size()).as("a service cannot approve").isEqualTo(1);
    assertThat(me.text("/effective/1/models/0")).isEqualTo("m");
    assertThat(me.text("/expiresAt")).isEqualTo("2099-01-01T00:00:00.000Z");
    client(TestCallers.stranger()).get("/v1/whoami").is(200);
    ApiClient.anonymous(FUNCTION).get("/v1/whoami").is(401);
    ApiClient.anonymous(FUNCTION).denied("revoked", "the token was revoked").get("/v1/whoami").is(401);
    ApiClient.anonymous(FUNCTION).denied("issuer-unavailable", "down").get("/v1/whoami").is(503).header("Retry-After");
  }

  // --- the record

  @Test
  void every_change_is_on_record_and_no_secret_is() {
    Answer made =
        ADMIN.with("X-Reason", "new colleague").post("/v1/tokens", newPerson("Audited", "viewer", "fraud")).is(201);
    Answer next = ADMIN.post(made.header("Location") + "/rotate", "{}").is(201);
    ADMIN.post(made.header("Location") + "/revoke").is(200);

    List<AuditEntry> chain = STORE.audit().chain(Ref.token(made.text("/token/id")), 1, 10).items();

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

  @Test
  void the_largest_token_is_read_for_one_read_unit() {
    List<String> models = IntStream.range(0, 17).mapToObj(i -> "m" + i + "x".repeat(120)).toList();
    Answer made = ADMIN.post("/v1/tokens", Map.of("name", "\uD83D\uDD11".repeat(50), "subject",
        Map.of("type", "service", "displayName", "CI"), "grants",
        List.of(Map.of("role", "viewer", "department", "fraud", "models", models)))).is(201);
    ADMIN.post(made.header("Location") + "/rotate", "{}").is(201);
    ADMIN.post(made.header("Location") + "/revoke").is(200);

    int bytes = AWS.dynamo().getItem(get -> get.tableName(AWS.physicalName("RecordsTable"))
        .key(Map.of("pk", AttributeValue.fromS("token#" + made.text("/token/id")), "sk", AttributeValue.fromS("-"))))
        .item().entrySet().stream().mapToInt(each -> each.getKey().length() + size(each.getValue())).sum();

    assertThat(bytes).isBetween(100, 4096);
  }

  private static int size(AttributeValue value) {
    return value.b() != null ? value.b().asByteArrayUnsafe().length
        : value.s() != null ? value.s().getBytes(StandardCharsets.UTF_8).length : 21;
  }

  // --- races

  @Test
  void of_many_who_rotate_one_token_one_succeeds() throws Exception {
    String place = ADMIN.post("/v1/tokens", newPerson("Race", "viewer", "fraud")).is(201).header("Location");

    List<Integer> statuses = together(8, i -> ADMIN.post(place + "/rotate", "{}"));

    assertThat(statuses).containsOnlyOnce(201).allMatch(status -> status == 201 || status == 409);
  }

  @Test
  void of_many_who_send_one_request_again_all_get_the_same_token() throws Exception {
    Set<String> made = ConcurrentHashMap.newKeySet();
    AtomicInteger secrets = new AtomicInteger();
    Object body = newPerson("Again", "viewer", "fraud");

    together(8, i -> {
      Answer answer = ADMIN.with("Idempotency-Key", "race").post("/v1/tokens", body);
      made.add(answer.text("/token/id"));
      secrets.addAndGet(answer.json().has("secret") ? 1 : 0);
      return answer;
    });

    assertThat(made).hasSize(1);
    assertThat(secrets).hasValue(1);
  }

  @Test
  void of_many_who_enter_one_issuer_one_succeeds() throws Exception {
    List<Integer> statuses = together(8, i -> ADMIN.put("/v1/identity-providers/race-" + i,
        provider("https://race.example.com", Map.of("groups", "ml"), "viewer")));

    assertThat(statuses).containsOnlyOnce(201).allMatch(status -> status == 201 || status == 409);
  }

  @Test
  void of_many_who_replace_one_revision_one_succeeds() throws Exception {
    String etag = ADMIN.put("/v1/departments/raced", "{}").is(201).etag();

    List<Integer> statuses =
        together(8, i -> ADMIN.ifMatch(etag).put("/v1/departments/raced", "{\"title\":\"" + i + "\"}"));

    assertThat(statuses).containsOnlyOnce(200).allMatch(status -> status == 200 || status == 412);
  }

  private static List<Integer> together(int many, IntFunction<Answer> each) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(many)) {
      List<Future<Integer>> sent = IntStream.range(0, many)
          .mapToObj(i -> threads.submit(() -> each.apply(i).status())).toList();
      List<Integer> statuses = new ArrayList<>();
      for (Future<Integer> one : sent) {
        statuses.add(one.get());
      }
      return statuses;
    }
  }

  // --- departments

  @Test
  void a_department_is_made_once_and_replaced_by_who_has_read_it() {
    Answer made = ADMIN.put("/v1/departments/legal", "{\"title\":\"Law\"}").is(201);
    ADMIN.put("/v1/departments/legal", "{\"title\":\"x\"}").is(428);
    ADMIN.with("If-None-Match", "*").put("/v1/departments/legal", "{\"title\":\"x\"}").is(412);
    Answer replaced = ADMIN.ifMatch(made.etag()).put("/v1/departments/legal", "{\"title\":\"Legal\"}").is(200);
    ADMIN.ifMatch(made.etag()).put("/v1/departments/legal", "{\"title\":\"lost\"}").is(412);
    assertThat(ADMIN.get("/v1/departments/legal").is(200).text("/title")).isEqualTo("Legal");
    ADMIN.with("If-None-Match", replaced.etag()).get("/v1/departments/legal").is(304);
    for (String name : List.of("Legal", "-x", "a_b", "x".repeat(64), "%2e%2e", "*")) {
      assertThat(ADMIN.put("/v1/departments/" + name, "{}").status()).as(name).isIn(400, 404);
    }
    ADMIN.ifMatch("\"3\"").put("/v1/departments/never", "{}").is(412);
  }

  @Test
  void a_department_is_invisible_to_the_others() {
    assertThat(names(ENGINEER, "/v1/departments")).containsExactly("fraud");
    ENGINEER.get("/v1/departments/fraud").is(200);
    ENGINEER.get("/v1/departments/credit").is(404);
    ENGINEER.put("/v1/departments/fraud", "{}").is(403);
    assertThat(names(ADMIN, "/v1/departments?limit=1")).contains("fraud", "credit");
    Caller two = person("usr_two", grant(Role.VIEWER, "fraud"), grant(Role.VIEWER, "credit"));
    assertThat(names(client(two), "/v1/departments?limit=1")).containsExactly("credit", "fraud");
  }

  // --- identity providers

  @Test
  void a_provider_is_made_changed_deleted_and_made_anew() {
    String path = "/v1/identity-providers/okta";
    Answer made = ADMIN.put(path, provider("https://okta.example.com", Map.of("groups", "ml"), "viewer")).is(201);
    assertThat(made.text("/audience")).isEqualTo("modelops");
    assertThat(made.text("/rules/0/grants/0/grantedBy")).isEqualTo("usr_admin");
    Caller second = person("usr_admin2", grant(Role.ADMIN, "*"));

    Answer changed = client(second).ifMatch(made.etag()).put(path, "{\"issuer\":\"https://okta.example.com\","
        + "\"subjects\":\"person\",\"rules\":[{\"claims\":{\"groups\":\"ml\"},\"grants\":[{\"role\":\"viewer\",\"department\":\"fraud\"},"
        + "{\"role\":\"operator\",\"department\":\"fraud\"}]}]}").is(200);
    assertThat(changed.json().findValuesAsString("grantedBy")).containsExactly("usr_admin", "usr_admin2");

    ADMIN.ifMatch(changed.etag()).put(path, provider("https://other.example.com", Map.of("groups", "ml"), "viewer"))
        .is(409);
    ADMIN.put(path, provider("https://okta.example.com", Map.of("groups", "ml"), "viewer")).is(428);
    ADMIN.delete(path).is(428);
    ADMIN.ifMatch(made.etag()).delete(path).is(412);
    ADMIN.ifMatch(changed.etag()).delete(path).is(204);
    ADMIN.get(path).is(404);
    ADMIN.ifMatch(changed.etag()).delete(path).is(404);
    assertThat(names(ADMIN, "/v1/identity-providers")).doesNotContain("okta");
    ADMIN.put("/v1/identity-providers/okta2", provider("https://okta.example.com", Map.of("groups", "ml"), "viewer"))
        .is(409);
    ADMIN.put(path, provider("https://okta.example.com", Map.of("groups", "ml"), "viewer")).is(201);
    assertThat(names(ADMIN, "/v1/identity-providers")).contains("okta");
  }

  @Test
  void a_provider_must_be_a_public_https_url_and_a_rule_at_a_public_issuer_say_whose_tokens_it_means() {
    for (String issuer : List.of("http://127.0.0.1:8080", "http://okta.example.com", "file:///etc/passwd",
        "https://user@okta.example.com", "https://okta.example.com/#x", "okta.example", "https://a b.example")) {
      ADMIN.put("/v1/identity-providers/bad", provider(issuer, Map.of("groups", "ml"), "viewer")).is(422);
    }
    String github = "https://token.actions.githubusercontent.com";
    Answer open =
        ADMIN.put("/v1/identity-providers/github", provider(github, Map.of("ref", "refs/heads/main"), "viewer"))
            .is(422);
    assertThat(open.text("/errors/0/pointer")).isEqualTo("/rules/0/claims");
    ADMIN.put("/v1/identity-providers/github", provider(github, Map.of("repository", "acme/fraud"), "viewer")).is(422);
    ADMIN.put("/v1/identity-providers/github", provider(github, Map.of(), "viewer")).is(422);
    ADMIN.put("/v1/identity-providers/github", provider(github, Map.of("repository_id", "42"), "viewer")).is(201);
  }

  @Test
  void only_an_admin_of_the_whole_organisation_sees_providers() {
    for (Role role : Role.values()) {
      if (role != Role.ADMIN) {
        client(TestCallers.of(role)).get("/v1/identity-providers").is(403);
        client(TestCallers.of(role))
            .put("/v1/identity-providers/x", provider("https://x.example", Map.of("a", "b"), "admin"))
            .is(403);
      }
    }
  }

  // --- subjects

  @Test
  void a_name_can_be_erased_and_its_subject_lives_on() throws Exception {
    Answer made = ADMIN.post("/v1/tokens", newPerson("Erase Me", "viewer", "fraud")).is(201);
    String path = "/v1/subjects/" + made.text("/token/subject/id");
    ApiClient auditor = client(TestCallers.of(Role.AUDITOR));
    assertThat(auditor.get(path).is(200).text("/displayName")).isEqualTo("Erase Me");
    ENGINEER.get(path).is(403);
    auditor.delete(path).is(403);

    List<AuditEntry> before = STORE.audit().chain(Ref.token(made.text("/token/id")), 1, 10).items();

    ADMIN.with("X-Reason", "left the company").delete(path).is(204);

    assertThat(STORE.audit().chain(Ref.token(made.text("/token/id")), 1, 10).items()).isEqualTo(before);
    assertThat(STORE.audit().ofEntity(Ref.department("*"), 10, null).items()).anySatisfy(line -> {
      assertThat(line.access()).isNotNull();
      assertThat(String.valueOf(line.access())).contains("subject.erased", made.text("/token/subject/id"), "usr_admin");
    });
    auditor.get(path).is(404);
    ADMIN.delete(path).is(204);
    assertThat(caller(made.text("/secret"))).isNotNull();
    assertThat(ADMIN.get(made.header("Location")).is(200).body()).doesNotContain("Erase Me");
  }

  // --- support

  private static ApiClient client(Caller caller) {
    return ApiClient.of(FUNCTION, caller);
  }

  private static Map<String, Object> viewer() {
    return Map.of("role", "viewer", "department", "fraud");
  }

  private static Object newPerson(String name, String role, String department) {
    return token(Map.of("type", "person", "displayName", name), null, Map.of("role", role, "department", department));
  }

  private static Object newService(String role, String department) {
    return token(Map.of("type", "service", "displayName", "CI"), null, Map.of("role", role, "department", department));
  }

  private static Object lasting(String lifetime) {
    return token(Map.of("type", "service", "displayName", "CI"), lifetime, viewer());
  }

  @SafeVarargs
  @SuppressWarnings("varargs")
  private static Object token(@Nullable Object subject, @Nullable String lifetime, Map<String, Object>... grants) {
    Map<String, Object> body = new LinkedHashMap<>(Map.of("name", "a token", "grants", List.of(grants)));
    if (subject != null) {
      body.put("subject", subject);
    }
    if (lifetime != null) {
      body.put("lifetime", lifetime);
    }
    return body;
  }

  private static Object provider(String issuer, Map<String, String> claims, String role) {
    return Map.of("issuer", issuer, "subjects", "person", "rules",
        List.of(Map.of("claims", claims, "grants", List.of(Map.of("role", role, "department", "fraud")))));
  }

  private static Duration life(Answer issued) {
    return Duration.between(Instant.parse(issued.text("/token/createdAt")),
        Instant.parse(issued.text("/token/expiresAt")));
  }

  private static List<String> ids(ApiClient client, String target) {
    return all(client, target).stream().map(item -> item.path("id").asString()).toList();
  }

  private static List<String> names(ApiClient client, String target) {
    return all(client, target).stream().map(item -> item.path("name").asString()).toList();
  }

  /** Follows the cursors to the end; a page may be empty and yet not the last. */
  private static List<JsonNode> all(ApiClient client, String target) {
    List<JsonNode> items = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    String next = "";
    do {
      String cursor = next.isEmpty() ? "" : (target.contains("?") ? "&" : "?") + "cursor=" + next;
      Answer page = client.get(target + cursor).is(200);
      StreamSupport.stream(page.json().path("items").spliterator(), false).forEach(items::add);
      next = page.text("/next");
    } while (!next.isEmpty() && seen.add(next));
    return items;
  }

  private static Caller caller(String token) throws Exception {
    return Json.read(context(token).path("principal").asString(), Caller.class);
  }

  private static String error(String token) throws Exception {
    return context(token).path("error").asString();
  }

  private static JsonNode context(String token) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    AUTHORIZER.handleRequest(new ByteArrayInputStream(Json.write(Map.of("requestContext", Map.of(), "identitySource",
        List.of("Bearer " + token)))), out, new TestContext());
    return Json.tree(out.toByteArray()).path("context");
  }
}
