package dev.modelops.access;

import dev.modelops.domain.Entities;
import dev.modelops.domain.Entity;
import dev.modelops.domain.Ids;
import dev.modelops.domain.Listing;
import dev.modelops.domain.Stored;
import dev.modelops.domain.access.Caller;
import dev.modelops.domain.access.Granting.Receiver;
import dev.modelops.domain.access.Permission;
import dev.modelops.domain.access.Scope;
import dev.modelops.domain.access.SubjectType;
import dev.modelops.domain.access.Subjects;
import dev.modelops.domain.access.Token;
import dev.modelops.domain.problem.Refused;
import jakarta.inject.Inject;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whom a token is for. */
final class Receivers {

  private final Entities entities;
  private final Subjects subjects;
  private final Ids ids;

  @Inject
  Receivers(Entities entities, Subjects subjects, Ids ids) {
    this.entities = entities;
    this.subjects = subjects;
    this.ids = ids;
  }

  /** A subject by its id, or a new one by type and name. */
  record NewSubject(@Nullable String id, @Nullable SubjectType type, @Nullable String displayName) {}

  /**
   * @param newName the name of a new subject; null for one that is known
   * @param behind  the person who stands behind a service that is known: not even an admin's token rids it of him
   */
  record Resolved(String id, SubjectType type, Receiver receiver, @Nullable String newName, @Nullable String behind) {}

  /** @throws Refused 422 when no subject, or more than one, is named */
  Resolved resolve(Caller caller, @Nullable NewSubject wanted) {
    if (wanted == null || caller.subject().equals(wanted.id())) {
      return new Resolved(caller.subject(), caller.type(), Receiver.SELF, null, null);
    }
    boolean described = wanted.type() != null && wanted.displayName() != null;
    if (wanted.id() != null ? wanted.type() != null || wanted.displayName() != null : !described) {
      throw Refused.unprocessable("/subject", "one-of",
          "Name a known subject by its id, or a new one by type and displayName; leave it out for yourself.", null);
    }
    if (wanted.id() != null) {
      Subjects.Subject known = subjects.get(wanted.id()).filter(subject -> known(caller, subject))
          .orElseThrow(() -> Refused.unprocessable("/subject/id", "unknown",
              "Nobody with this id has been seen here, or nobody who holds a token of a department that you administer.",
              null));
      return new Resolved(known.id(), known.type(), Receiver.OTHER, null, behind(known));
    }
    SubjectType type = java.util.Objects.requireNonNull(wanted.type());
    return new Resolved(ids.next(SubjectIds.prefix(type)), type,
        type == SubjectType.SERVICE ? Receiver.OWN_SERVICE : Receiver.NEW_PERSON, wanted.displayName(), null);
  }

  /** Whoever holds a token of another in a department could act in the name of somebody who never had to do with it. */
  private boolean known(Caller caller, Subjects.Subject subject) {
    if (!caller.may(Permission.ADMINISTER) || caller.may(Permission.ADMINISTER, Entity.ORGANISATION)) {
      return true; // or refused by what is granted
    }
    return newest(subject, caller.scope(Permission.ADMINISTER)).isPresent();
  }

  /** Every token of a service names the same person, so the newest says it of all. */
  private @Nullable String behind(Subjects.Subject subject) {
    return newest(subject, Scope.ALL).map(Token::onBehalfOf).orElse(null);
  }

  private Optional<Token> newest(Subjects.Subject subject, Scope scope) {
    return entities
        .list(new Listing<>(Token.class, new Listing.ByTerm(scope, "subject", subject.id(), true), token -> true, 1,
            null))
        .items().stream().findFirst().map(Stored::entity);
  }

  /** How the subject of a token stands to the caller. */
  Receiver of(Caller caller, Token token) {
    if (token.subject().equals(caller.subject())) {
      return Receiver.SELF;
    }
    boolean own = token.type() == SubjectType.SERVICE && token.createdBy().equals(caller.subject());
    return own ? Receiver.OWN_SERVICE : Receiver.OTHER;
  }

  /** Remembers a new subject's name, before its token exists: a name without a token harms nobody. */
  void introduce(Resolved resolved) {
    if (resolved.newName() != null) {
      subjects.remember(new Subjects.Subject(resolved.id(), resolved.type(), resolved.newName()));
    }
  }
}
