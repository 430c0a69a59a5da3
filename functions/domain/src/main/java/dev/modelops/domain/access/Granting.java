package dev.modelops.domain.access;

import dev.modelops.domain.Entity;
import dev.modelops.domain.Ref;
import dev.modelops.domain.problem.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Who may grant what to whom.
 *
 * <p>An admin grants any role in the departments he administers, but only to a subject other than his own. Everybody else
 * passes on a part of one grant of his own, and only to himself or to a service of his making. An admin cannot approve, and
 * so does not pass it on to himself either.
 */
public final class Granting {

  /** What is of use without {@code read}. */
  private static final Set<Permission> ALONE = Set.of(Permission.POST_METRICS, Permission.READ_AUDIT);

  /** A grant as it is asked for. */
  public record Wanted(Role role, String department, @Nullable Set<Permission> permissions,
      @Nullable Set<String> models) {

    public static Wanted of(Grant grant) {
      return new Wanted(grant.role(), grant.department(), grant.permissions(), grant.models());
    }

    Grant by(String subject) {
      return new Grant(role, department, permissions, models, subject);
    }
  }

  /** How the receiver stands to the giver. */
  public enum Receiver {
    /** The giver's own subject. */
    SELF,
    /** A person that is made with this grant. */
    NEW_PERSON,
    /** A service that is made with this grant, or was made by the giver. */
    OWN_SERVICE,
    /** Any other. */
    OTHER
  }

  /**
   * @param grants what is given; empty when anything is refused
   * @param administered whether the giver gave it as an admin rather than out of what he holds himself
   * @param refusals why not
   */
  public record Verdict(List<Grant> grants, boolean administered, List<Violation> refusals) {}

  private Granting() {}

  /** What is wrong with grants whoever gives them: pointers into {@code at}, e.g. {@code /grants}. */
  public static List<Violation> malformed(List<Wanted> wanted, SubjectType type, String at) {
    List<Violation> violations = new ArrayList<>();
    for (int i = 0; i < wanted.size(); i++) {
      malformed(wanted.get(i), type, at + "/" + i, violations);
    }
    return violations;
  }

  private static void malformed(Wanted wanted, SubjectType type, String at, List<Violation> violations) {
    Set<Permission> permissions = wanted.permissions();
    Set<Permission> ofRole = wanted.role().permissions();
    if (permissions != null && !ofRole.containsAll(permissions)) {
      violations.add(new Violation(at + "/permissions", "beyond-role",
          "A grant can only be narrowed to what its role may do.", wires(ofRole)));
      return;
    }
    Set<Permission> held = wanted.by("").permissionsHeld();
    if (permissions != null && !held.contains(Permission.READ) && !ALONE.containsAll(held)) {
      violations.add(new Violation(at + "/permissions", "without-read",
          "What cannot be read cannot be changed: add read to these permissions.",
          "read, or none but " + wires(ALONE)));
    }
    if (type == SubjectType.SERVICE && held.contains(Permission.APPROVE)) {
      violations.add(new Violation(at, "service-cannot-approve",
          "A service cannot approve: narrow the grant to permissions without approve, or grant it to a person.",
          wires(without(ofRole, Permission.APPROVE))));
    }
    if (wanted.models() != null && held.contains(Permission.ADMINISTER)) {
      violations.add(new Violation(at + "/models", "admin-of-models",
          "Administering cannot be narrowed to models: leave models out, or permissions without administer.",
          wires(without(ofRole, Permission.ADMINISTER))));
    }
  }

  /** Whether the giver may give these well-formed grants to the receiver. */
  public static Verdict decide(Caller giver, Receiver receiver, List<Wanted> wanted) {
    boolean administers = receiver != Receiver.SELF
        && wanted.stream().allMatch(each -> giver.may(Permission.ADMINISTER, each.department()));
    if (administers) {
      return new Verdict(wanted.stream().map(each -> each.by(giver.subject())).toList(), true, List.of());
    }
    boolean reaches = receiver == Receiver.SELF
        || receiver == Receiver.OWN_SERVICE && giver.type() == SubjectType.PERSON;
    if (!reaches) {
      return new Verdict(List.of(), false, List.of(new Violation("/subject", "receiver",
          "Only an admin of every department named may grant to this subject.",
          giver.type() == SubjectType.PERSON ? "your own subject, or a new service" : "your own subject")));
    }
    return outOfOwn(giver, receiver, wanted);
  }

  private static Verdict outOfOwn(Caller giver, Receiver receiver, List<Wanted> wanted) {
    List<Grant> grants = new ArrayList<>();
    List<Violation> refusals = new ArrayList<>();
    boolean admin = giver.grants().stream().anyMatch(own -> own.role() == Role.ADMIN);
    for (int i = 0; i < wanted.size(); i++) {
      Wanted each = wanted.get(i);
      if (admin && receiver == Receiver.SELF && each.by("").allows(Permission.APPROVE)) {
        refusals.add(new Violation("/grants/" + i, "admin-cannot-approve",
            "An admin cannot approve, nor by a token without that role: narrow the grant to permissions without approve.",
            wires(without(each.role().permissions(), Permission.APPROVE))));
        continue;
      }
      Optional<Grant> source = giver.grants().stream().filter(own -> contains(own, each)).findFirst();
      if (source.isEmpty()) {
        refusals.add(new Violation("/grants/" + i, "beyond-own-grant",
            "This is more than one of your own grants holds"
                + (receiver == Receiver.SELF ? "; nobody grants to himself: ask an admin." : "."),
            null));
      } else {
        // A narrower token of the same subject stays granted by whom it came from: the separation of duties asks for that.
        grants.add(each.by(receiver == Receiver.SELF ? source.get().grantedBy() : giver.subject()));
      }
    }
    return new Verdict(refusals.isEmpty() ? List.copyOf(grants) : List.of(), false, refusals);
  }

  /** Whether one grant gives all that another would: everywhere, for every permission and every model. */
  static boolean contains(Grant own, Wanted wanted) {
    Grant asked = wanted.by("");
    boolean where = own.department().equals(Entity.ORGANISATION)
        || own.department().equals(wanted.department());
    boolean what = own.permissionsHeld().containsAll(asked.permissionsHeld());
    Set<String> models = wanted.models();
    boolean which = own.models() == null || models != null && models.stream().allMatch(own::names);
    return where && what && which;
  }

  /** The departments that must exist for these grants. */
  public static Set<Ref> departments(List<Wanted> wanted) {
    Set<Ref> refs = new TreeSet<>();
    for (Wanted each : wanted) {
      if (!each.department().equals(Entity.ORGANISATION)) {
        refs.add(Ref.department(each.department()));
      }
    }
    return refs;
  }

  private static Set<Permission> without(Set<Permission> permissions, Permission one) {
    Set<Permission> rest = new TreeSet<>(permissions);
    rest.remove(one);
    return rest;
  }

  private static String wires(Set<Permission> permissions) {
    return String.join(", ", new TreeSet<>(permissions).stream().map(Permission::wire).toList());
  }
}
