package dev.modelops.testkit;

import dev.modelops.domain.Entity;
import dev.modelops.domain.access.Caller;
import dev.modelops.domain.access.Grant;
import dev.modelops.domain.access.Permission;
import dev.modelops.domain.access.Role;
import dev.modelops.domain.access.SubjectType;
import java.util.List;
import java.util.Set;

/** Callers of every role. Distinct roles and departments are distinct subjects. */
public final class TestCallers {
  private TestCallers() {}

  /** A person with the role in all departments. */
  public static Caller of(Role role) {
    return person("usr_" + role.wire(), grant(role, Entity.ORGANISATION));
  }

  /** A person with the role in one department. */
  public static Caller of(Role role, String department) {
    return person("usr_" + role.wire() + "_" + department, grant(role, department));
  }

  /** A machine with the role in one department, or in all ({@code *}). */
  public static Caller service(Role role, String department) {
    return new Caller("svc_" + role.wire() + "_" + department, SubjectType.SERVICE, "Service", null,
        List.of(grant(role, department)), null, "tok_service");
  }

  /** A person with these grants. */
  public static Caller person(String subject, Grant... grants) {
    return new Caller(subject, SubjectType.PERSON, "Person " + subject, null, List.of(grants), null, "tok_" + subject);
  }

  /** A person without any grant. */
  public static Caller stranger() {
    return person("usr_stranger");
  }

  public static Grant grant(Role role, String department) {
    return new Grant(role, department, null, null, "usr_root");
  }

  /** A grant narrowed to single permissions and models. */
  public static Grant grant(Role role, String department, Set<Permission> permissions, Set<String> models) {
    return new Grant(role, department, permissions, models, "usr_root");
  }
}
