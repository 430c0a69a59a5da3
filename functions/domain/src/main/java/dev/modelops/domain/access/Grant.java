package dev.modelops.domain.access;

import dev.modelops.domain.Ref;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One role for one department or for all.
 *
 * @param department a department's name, or {@code *} for all
 * @param permissions narrows the role to these; null for all that the role may do
 * @param models narrows the grant to these models (and what belongs to them); null for every model of the department
 * @param grantedBy the subject that gave it; an approval by its holder does not count for that subject's requests
 */
public record Grant(Role role, String department, @Nullable Set<Permission> permissions, @Nullable Set<String> models,
    String grantedBy) {

  public Grant {
    permissions = permissions == null ? null : Set.copyOf(permissions);
    models = models == null ? null : Set.copyOf(models);
  }

  public boolean allows(Permission permission) {
    return role.permissions().contains(permission) && (permissions == null || permissions.contains(permission)
        || permission == Permission.REQUEST_DEPLOYMENT && permissions.contains(Permission.REQUEST_ANY_DEPLOYMENT));
  }

  /** What it holds: the role's permissions as far as it is not narrowed. */
  public Set<Permission> permissionsHeld() {
    Set<Permission> held = new TreeSet<>(role.permissions());
    held.removeIf(permission -> !allows(permission));
    return held;
  }

  boolean names(String model) {
    return models == null || models.stream().anyMatch(name -> Ref.fold(name).equals(Ref.fold(model)));
  }
}
