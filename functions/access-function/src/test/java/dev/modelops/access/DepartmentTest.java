package dev.modelops.access;

import static dev.modelops.access.TokensStage.names;
import static dev.modelops.testkit.TestCallers.grant;
import static dev.modelops.testkit.TestCallers.person;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.access.Caller;
import dev.modelops.domain.access.Role;
import dev.modelops.testkit.Answer;
import dev.modelops.testkit.ApiClient;
import dev.modelops.testkit.Race;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DepartmentTest {

  @RegisterExtension private static final TokensStage STAGE = new TokensStage();
  private static final ApiClient ADMIN = STAGE.admin;
  private static final ApiClient ENGINEER = STAGE.engineer;

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
  void of_many_who_replace_one_revision_one_succeeds() {
    String etag = ADMIN.put("/v1/departments/raced", "{}").is(201).etag();

    List<Integer> statuses =
        Race.of(8, i -> ADMIN.ifMatch(etag).put("/v1/departments/raced", "{\"title\":\"" + i + "\"}").status());

    assertThat(statuses).containsOnlyOnce(200).allMatch(status -> status == 200 || status == 412);
  }

  @Test
  void a_department_is_invisible_to_the_others() {
    assertThat(names(ENGINEER, "/v1/departments")).containsExactly("fraud");
    ENGINEER.get("/v1/departments/fraud").is(200);
    ENGINEER.get("/v1/departments/credit").is(404);
    ENGINEER.put("/v1/departments/fraud", "{}").is(403);
    assertThat(names(ADMIN, "/v1/departments?limit=1")).contains("fraud", "credit");
    Caller two = person("usr_two", grant(Role.VIEWER, "fraud"), grant(Role.VIEWER, "credit"));
    assertThat(names(STAGE.as(two), "/v1/departments?limit=1")).containsExactly("credit", "fraud");
  }
}
