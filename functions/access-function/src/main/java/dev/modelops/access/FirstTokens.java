package dev.modelops.access;

import dev.modelops.domain.Entity;
import dev.modelops.domain.Ids;
import dev.modelops.domain.access.Department;
import dev.modelops.domain.access.Grant;
import dev.modelops.domain.access.Lifetimes;
import dev.modelops.domain.access.Role;
import dev.modelops.domain.access.SubjectType;
import dev.modelops.domain.access.Subjects;
import dev.modelops.domain.access.Token;
import dev.modelops.domain.change.Change;
import dev.modelops.domain.change.Change.Effect;
import dev.modelops.domain.change.Lost;
import dev.modelops.domain.change.Origin;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tokens of a first start on one's own machine: a department {@code demo}, and one token per role, valid for all
 * departments, each of a person of its own, so that separation of duties can be tried. One change, recorded in the audit trail
 * as any other. On AWS the first admin is an OIDC subject that the template names, or {@link FirstAdminFunction} makes one.
 */
public final class FirstTokens {

  /** The department that is made. */
  public static final String DEPARTMENT = "demo";

  private static final String MAKER = "system:first-start";
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  private FirstTokens() {}

  /**
   * Makes them; every call makes new ones.
   *
   * @param env the environment of the Tokens function
   * @return the token's text by the role's wire name, in the order of the roles
   * @throws dev.modelops.domain.change.Unavailable when the store does not answer
   */
  public static Map<String, String> make(Map<String, String> env) {
    Clock clock = Clock.systemUTC();
    StoreComponent store = DaggerStoreComponent.factory().create(env, clock);
    Ids ids = new Ids(clock);
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    Map<String, String> texts = new LinkedHashMap<>();
    List<Effect<?>> effects = new ArrayList<>();
    for (Role role : Role.values()) {
      ApiToken secret = ApiToken.issue(ids.next("tok"));
      String subject = ids.next(SubjectIds.prefix(SubjectType.PERSON));
      store.subjects().remember(new Subjects.Subject(subject, SubjectType.PERSON, "Local " + role.wire()));
      Grant grant = new Grant(role, Entity.ORGANISATION, null, null, MAKER);
      effects.add(new Effect<>("token.created", null, new Token(secret.id(), "local " + role.wire(), subject,
          SubjectType.PERSON, null, List.of(grant), secret.hash(), now, MAKER, now.plus(Lifetimes.LONGEST), null, null,
          null)));
      texts.put(role.wire(), secret.text());
    }
    Department department = new Department(DEPARTMENT, "Demo", now, MAKER);
    if (store.entities().get(Department.class, department.ref()).isEmpty()) {
      effects.add(new Effect<>("department.created", null, department));
    }
    try {
      store.changes().commit(new Change(effects, List.of(), List.of()),
          Origin.system("first-start", ids.next("req"), "one token per role for this machine", now), null,
          now.plus(DEADLINE));
    } catch (Lost lost) {
      throw new IllegalStateException("another process is making the first tokens on the same data", lost);
    }
    return texts;
  }
}
