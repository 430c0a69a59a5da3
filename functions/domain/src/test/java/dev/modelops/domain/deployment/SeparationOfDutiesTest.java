package dev.modelops.domain.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.access.Caller;
import dev.modelops.domain.access.Grant;
import dev.modelops.domain.access.Role;
import dev.modelops.domain.access.SubjectType;
import dev.modelops.domain.deployment.Deployment.State;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SeparationOfDutiesTest {

  private static final Deployment ASKED = new Deployment("dep_1", "card-fraud", 1, "production", "payments",
      State.AWAITING_APPROVAL, "svc_ci", "usr_dora", Instant.EPOCH, false, "m", null, null, null, null, null, null,
      null, null, null, null);

  @Test
  void another_person_with_the_role_may_approve() {
    assertThat(objection("usr_rita", grant(Role.RISK_OFFICER, "payments", "usr_admin"))).isFalse();
    assertThat(objection("usr_bob", grant(Role.BUSINESS_OWNER, "*", "usr_admin"))).isFalse();
  }

  @Test
  void neither_the_requester_nor_the_person_behind_the_run_may() {
    assertThat(objection("svc_ci", grant(Role.RISK_OFFICER, "payments", "usr_admin"))).isTrue();
    assertThat(objection("usr_dora", grant(Role.RISK_OFFICER, "payments", "usr_admin"))).isTrue();
  }

  @Test
  void a_role_given_by_the_requester_does_not_count_but_one_given_by_another_does() {
    Grant own = grant(Role.RISK_OFFICER, "payments", "usr_dora");
    assertThat(objection("usr_rita", own)).isTrue();
    assertThat(objection("usr_rita", own, grant(Role.BUSINESS_OWNER, "payments", "usr_admin"))).isFalse();
    // Another role from somebody else does not make the one that approves count.
    assertThat(objection("usr_rita", own, grant(Role.VIEWER, "payments", "usr_admin"))).isTrue();
  }

  @Test
  void a_role_elsewhere_does_not_count() {
    assertThat(objection("usr_rita", grant(Role.RISK_OFFICER, "lending", "usr_admin"))).isTrue();
    assertThat(objection("usr_rita",
        new Grant(Role.RISK_OFFICER, "payments", null, Set.of("another-model"), "usr_admin"))).isTrue();
  }

  @Test
  void services_and_admins_cannot_approve() {
    Grant officer = grant(Role.RISK_OFFICER, "payments", "usr_boss");
    assertThat(SeparationOfDuties.objection(caller("svc_bot", SubjectType.SERVICE, officer), ASKED)).isPresent();
    assertThat(objection("usr_rita", officer, grant(Role.ADMIN, "*", "usr_boss"))).isTrue();
  }

  private static boolean objection(String subject, Grant... grants) {
    return SeparationOfDuties.objection(caller(subject, SubjectType.PERSON, grants), ASKED).isPresent();
  }

  private static Caller caller(String subject, SubjectType type, Grant... grants) {
    return new Caller(subject, type, null, null, List.of(grants), null, "tok_1");
  }

  private static Grant grant(Role role, String department, String by) {
    return new Grant(role, department, null, null, by);
  }
}
