package dev.modelops.access;

import static dev.modelops.access.TokensStage.newPerson;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.Ref;
import dev.modelops.domain.access.Role;
import dev.modelops.domain.audit.AuditEntry;
import dev.modelops.testkit.Answer;
import dev.modelops.testkit.ApiClient;
import dev.modelops.testkit.TestCallers;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SubjectTest {

  @RegisterExtension private static final TokensStage STAGE = new TokensStage();
  private static final ApiClient ADMIN = STAGE.admin;
  private static final ApiClient ENGINEER = STAGE.engineer;

  @Test
  void a_name_can_be_erased_and_its_subject_lives_on() throws Exception {
    Answer made = ADMIN.post("/v1/tokens", newPerson("Erase Me", "viewer", "fraud")).is(201);
    String path = "/v1/subjects/" + made.text("/token/subject/id");
    ApiClient auditor = STAGE.as(TestCallers.of(Role.AUDITOR));
    assertThat(auditor.get(path).is(200).text("/displayName")).isEqualTo("Erase Me");
    ENGINEER.get(path).is(403);
    auditor.delete(path).is(403);

    List<AuditEntry> before = STAGE.store.audit().chain(Ref.token(made.text("/token/id")), 1, 10).items();

    ADMIN.with("X-Reason", "left the company").delete(path).is(204);

    assertThat(STAGE.store.audit().chain(Ref.token(made.text("/token/id")), 1, 10).items()).isEqualTo(before);
    assertThat(STAGE.store.audit().ofEntity(Ref.department("*"), 10, null).items()).anySatisfy(line -> {
      assertThat(line.access()).isNotNull();
      assertThat(String.valueOf(line.access())).contains("subject.erased", made.text("/token/subject/id"), "usr_admin");
    });
    auditor.get(path).is(404);
    ADMIN.delete(path).is(204);
    assertThat(STAGE.caller(made.text("/secret"))).isNotNull();
    assertThat(ADMIN.get(made.header("Location")).is(200).body()).doesNotContain("Erase Me");
  }
}
