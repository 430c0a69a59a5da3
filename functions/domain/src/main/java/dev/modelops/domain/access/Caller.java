package dev.modelops.domain.access;

import dev.modelops.domain.Entity;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who is asking: what the authorizer found out about a credential.
 *
 * @param subject the opaque id of a person ({@code usr_…}) or a service ({@code svc_…}); never the credential's own id
 * @param onBehalfOf the person behind a service's run, e.g. who started a CI job
 * @param expiresAt when the credential ends; null when it does not
 * @param credential the id of the token, or the name of the identity provider
 */
public record Caller(String subject, SubjectType type, @Nullable String displayName, @Nullable String onBehalfOf,
    List<Grant> grants, @Nullable Instant expiresAt, String credential) {

  public Caller {
    grants = List.copyOf(grants);
  }

  /** Whether any grant holds the permission, somewhere. */
  public boolean may(Permission permission) {
    return permission == Permission.PUBLIC || permission == Permission.SELF
        || grants.stream().anyMatch(grant -> holds(grant, permission));
  }

  /** Whether the permission is held for this model of this department. */
  public boolean may(Permission permission, String department, String model) {
    return grants.stream()
        .anyMatch(grant -> holds(grant, permission) && covers(grant, department) && grant.names(model));
  }

  /** Whether the permission is held for the department as a whole, or for the organisation when it is {@code *}. */
  public boolean may(Permission permission, String department) {
    return grants.stream()
        .anyMatch(grant -> holds(grant, permission) && covers(grant, department) && grant.models() == null);
  }

  /**
   * Where the permission is held for whole departments, or for named models of them: lists within the scope must also
   * ask {@link #may(Permission, String, String)} when {@link #narrowed} says so.
   */
  public Scope scope(Permission permission) {
    return scope(permission, grant -> true);
  }

  /** Where the permission is held for whole departments: lists within this scope need no further question. */
  public Scope wholeScope(Permission permission) {
    return scope(permission, grant -> grant.models() == null);
  }

  /** The departments in which the permission is held for a model of this name, wherever it is. */
  public Scope scope(Permission permission, String model) {
    return scope(permission, grant -> grant.names(model));
  }

  private Scope scope(Permission permission, Predicate<Grant> also) {
    Set<String> departments = new TreeSet<>();
    for (Grant grant : grants) {
      if (holds(grant, permission) && also.test(grant)) {
        if (grant.department().equals(Entity.ORGANISATION)) {
          return Scope.ALL;
        }
        departments.add(grant.department());
      }
    }
    return new Scope.Departments(departments);
  }

  /** The single models that grants with this permission name, as they are spelled there. */
  public Set<String> namedModels(Permission permission) {
    Set<String> names = new TreeSet<>();
    for (Grant grant : grants) {
      if (holds(grant, permission) && grant.models() != null) {
        names.addAll(grant.models());
      }
    }
    return names;
  }

  /** Whether any grant is for the department, whatever it permits there. */
  public boolean reaches(String department) {
    return grants.stream().anyMatch(grant -> covers(grant, department));
  }

  /** Whether some grant with this permission names single models. */
  public boolean narrowed(Permission permission) {
    return grants.stream().anyMatch(grant -> holds(grant, permission) && grant.models() != null);
  }

  /** What one of the caller's grants lets this caller do. */
  public Set<Permission> permissions(Grant grant) {
    Set<Permission> held = new TreeSet<>(grant.permissionsHeld());
    held.removeIf(permission -> !holds(grant, permission));
    return held;
  }

  /** The grants that give the permission for this model of this department. */
  public List<Grant> holding(Permission permission, String department, String model) {
    return grants.stream()
        .filter(grant -> holds(grant, permission) && covers(grant, department) && grant.names(model)).toList();
  }

  private boolean holds(Grant grant, Permission permission) {
    // Services cannot approve, whatever they were granted.
    return grant.allows(permission) && !(permission == Permission.APPROVE && type == SubjectType.SERVICE);
  }

  private static boolean covers(Grant grant, String department) {
    return grant.department().equals(Entity.ORGANISATION) || grant.department().equals(department);
  }
}
