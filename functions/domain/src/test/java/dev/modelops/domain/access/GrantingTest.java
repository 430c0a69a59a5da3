package dev.modelops.domain.access;

import static dev.modelops.domain.access.Granting.Receiver.NEW_PERSON;
import static dev.modelops.domain.access.Granting.Receiver.OTHER;
import static dev.modelops.domain.access.Granting.Receiver.OWN_SERVICE;
import static dev.modelops.domain.access.Granting.Receiver.SELF;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.access.Granting.Verdict;
import dev.modelops.domain.access.Granting.Wanted;
import dev.modelops.domain.problem.Violation;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GrantingTest {

  @Test
  void an_admin_grants_any_role_to_another_and_is_named_as_the_one_who_did() {
    Verdict verdict = Granting.decide(person(admin("*")), OTHER, List.of(role(Role.RISK_OFFICER, "fraud")));

    assertThat(verdict.administered()).isTrue();
    assertThat(verdict.grants()).containsExactly(new Grant(Role.RISK_OFFICER, "fraud", null, null, "usr_giver"));
  }

  @Test
  void an_admin_does_not_grant_to_himself_what_he_does_not_hold() {
    Verdict verdict = Granting.decide(person(admin("*")), SELF, List.of(role(Role.ML_ENGINEER, "fraud")));

    assertThat(verdict.grants()).isEmpty();
    assertThat(codes(verdict)).containsExactly("beyond-own-grant");
  }

  @Test
  void an_admin_of_one_department_grants_there_and_nowhere_else() {
    Caller admin = person(admin("fraud"));

    assertThat(Granting.decide(admin, OTHER, List.of(role(Role.OPERATOR, "fraud"))).refusals()).isEmpty();
    assertThat(codes(Granting.decide(admin, OTHER, List.of(role(Role.OPERATOR, "credit")))))
        .containsExactly("receiver");
    assertThat(codes(Granting.decide(admin, OTHER, List.of(role(Role.VIEWER, "*"))))).containsExactly("receiver");
    assertThat(codes(Granting.decide(admin, OTHER, List.of(role(Role.VIEWER, "fraud"), role(Role.VIEWER, "credit")))))
        .containsExactly("receiver");
    assertThat(codes(Granting.decide(admin, OWN_SERVICE, List.of(role(Role.ADMIN, "*")))))
        .containsExactly("beyond-own-grant");
  }

  @Test
  void others_pass_on_a_part_of_what_they_hold_to_themselves_and_to_services_of_their_making() {
    Caller engineer = person(grant(Role.ML_ENGINEER, "fraud"));
    List<Wanted> part = List.of(new Wanted(Role.ML_ENGINEER, "fraud", Set.of(Permission.POST_METRICS), Set.of("m")));

    assertThat(Granting.decide(engineer, SELF, part).refusals()).isEmpty();
    assertThat(Granting.decide(engineer, OWN_SERVICE, part).refusals()).isEmpty();
    assertThat(codes(Granting.decide(engineer, OTHER, part))).containsExactly("receiver");
    assertThat(codes(Granting.decide(engineer, NEW_PERSON, part))).containsExactly("receiver");
  }

  @Test
  void others_do_not_pass_on_more_than_they_hold() {
    Caller narrow = person(new Grant(Role.ML_ENGINEER, "fraud", Set.of(Permission.READ, Permission.POST_METRICS),
        Set.of("card-fraud"), "usr_admin"));

    for (Wanted beyond : List.of(
        role(Role.ML_ENGINEER, "fraud"),
        new Wanted(Role.ML_ENGINEER, "credit", Set.of(Permission.READ), Set.of("card-fraud")),
        new Wanted(Role.ML_ENGINEER, "*", Set.of(Permission.READ), Set.of("card-fraud")),
        new Wanted(Role.ML_ENGINEER, "fraud", Set.of(Permission.READ), null),
        new Wanted(Role.ML_ENGINEER, "fraud", Set.of(Permission.READ), Set.of("card-fraud", "other")),
        new Wanted(Role.ML_ENGINEER, "fraud", Set.of(Permission.WRITE_MODELS), Set.of("card-fraud")),
        new Wanted(Role.ADMIN, "fraud", Set.of(Permission.ADMINISTER), null))) {
      assertThat(codes(Granting.decide(narrow, SELF, List.of(beyond)))).containsExactly("beyond-own-grant");
      assertThat(codes(Granting.decide(narrow, OWN_SERVICE, List.of(beyond)))).containsExactly("beyond-own-grant");
    }
    assertThat(Granting.decide(narrow, SELF,
        List.of(new Wanted(Role.VIEWER, "fraud", null, Set.of("CARD-FRAUD")))).refusals()).isEmpty();
  }

  @Test
  void a_service_makes_no_services() {
    Caller service =
        new Caller("svc_ci", SubjectType.SERVICE, null, null, List.of(grant(Role.VIEWER, "*")), null, "idp");

    assertThat(codes(Granting.decide(service, OWN_SERVICE, List.of(role(Role.VIEWER, "*")))))
        .containsExactly("receiver");
  }

  @Test
  void a_narrower_token_of_the_same_subject_stays_granted_by_whom_it_came_from() {
    Caller officer = person(grant(Role.RISK_OFFICER, "*"));

    assertThat(Granting.decide(officer, SELF, List.of(role(Role.RISK_OFFICER, "fraud"))).grants())
        .extracting(Grant::grantedBy).containsExactly("usr_admin");
    assertThat(Granting.decide(officer, OWN_SERVICE, List.of(role(Role.VIEWER, "fraud"))).grants())
        .extracting(Grant::grantedBy).containsExactly("usr_giver");
  }

  @Test
  void a_service_is_never_given_the_right_to_approve() {
    assertThat(malformed(role(Role.RISK_OFFICER, "*"), SubjectType.SERVICE)).containsExactly("service-cannot-approve");
    assertThat(malformed(role(Role.BUSINESS_OWNER, "*"), SubjectType.SERVICE))
        .containsExactly("service-cannot-approve");
    assertThat(malformed(role(Role.RISK_OFFICER, "*"), SubjectType.PERSON)).isEmpty();
    assertThat(malformed(new Wanted(Role.RISK_OFFICER, "*", Set.of(Permission.READ), null), SubjectType.SERVICE))
        .isEmpty();
  }

  @Test
  void a_grant_is_narrowed_to_what_its_role_may_do_and_administering_not_to_models() {
    assertThat(malformed(new Wanted(Role.VIEWER, "*", Set.of(Permission.APPROVE), null), SubjectType.PERSON))
        .containsExactly("beyond-role");
    assertThat(malformed(new Wanted(Role.VIEWER, "*", Set.of(Permission.SELF), null), SubjectType.PERSON))
        .containsExactly("beyond-role");
    assertThat(malformed(new Wanted(Role.ADMIN, "*", null, Set.of("m")), SubjectType.PERSON))
        .containsExactly("admin-of-models");
  }

  @Property(tries = 2000)
  void what_is_not_given_by_an_admin_holds_nothing_that_the_giver_does_not(@ForAll("grants") List<Grant> own,
      @ForAll("grants") List<Grant> asked, @ForAll Permission permission, @ForAll("departments") String department,
      @ForAll("models") String model) {
    Caller giver = person(own.toArray(Grant[]::new));
    Verdict verdict = Granting.decide(giver, SELF, asked.stream().map(Wanted::of).toList());
    Caller receiver = person(verdict.grants().toArray(Grant[]::new));

    assertThat(verdict.administered()).isFalse();
    if (receiver.may(permission, department, model)) {
      assertThat(giver.may(permission, department, model)).isTrue();
    }
    if (receiver.may(permission, department)) {
      assertThat(giver.may(permission, department)).isTrue();
    }
  }

  @Provide
  Arbitrary<List<Grant>> grants() {
    Arbitrary<@Nullable Set<Permission>> permissions =
        Arbitraries.of(Permission.class).set().ofMinSize(1).ofMaxSize(3).injectNull(0.5);
    Arbitrary<@Nullable Set<String>> models = models().set().ofMinSize(1).ofMaxSize(2).injectNull(0.5);
    return Combinators.combine(Arbitraries.of(Role.class), departments(), permissions, models)
        .as((role, department, some, named) -> new Grant(role, department, some, named, "usr_admin"))
        .list().ofMinSize(1).ofMaxSize(3);
  }

  @Provide
  Arbitrary<String> departments() {
    return Arbitraries.of("*", "fraud", "credit");
  }

  @Provide
  Arbitrary<String> models() {
    return Arbitraries.of("a", "b", "c");
  }

  private static List<String> malformed(Wanted wanted, SubjectType type) {
    return Granting.malformed(List.of(wanted), type, "/grants").stream().map(Violation::code).toList();
  }

  private static List<String> codes(Verdict verdict) {
    assertThat(verdict.grants()).isEmpty();
    return verdict.refusals().stream().map(Violation::code).toList();
  }

  private static Caller person(Grant... grants) {
    return new Caller("usr_giver", SubjectType.PERSON, null, null, List.of(grants), null, "tok_1");
  }

  private static Grant admin(String department) {
    return grant(Role.ADMIN, department);
  }

  private static Grant grant(Role role, String department) {
    return new Grant(role, department, null, null, "usr_admin");
  }

  private static Wanted role(Role role, String department) {
    return new Wanted(role, department, null, null);
  }
}
