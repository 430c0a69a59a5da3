package dev.modelops.domain.access;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * The erasable side of the audit trail: display names of subjects and network addresses of requests. Audit entries hold
 * opaque references to them; erasing one here leaves every entry and every hash as it is. Not governed: no audit entry is
 * written with them.
 */
public interface Subjects {

  /** What is known of a subject. */
  record Subject(String id, SubjectType type, String displayName) {}

  /** Remembers a subject's name; the latest one counts. */
  void remember(Subject subject);

  Optional<Subject> get(String id);

  /** Names of several, absent ones left out. At most 100. */
  Map<String, Subject> getAll(Collection<String> ids);

  /** An opaque reference to a network address; the same address has the same reference until it is erased. */
  String source(String address);

  /** Addresses by reference, erased ones left out. At most 100. */
  Map<String, String> addresses(Collection<String> sources);

  /** Forgets a subject's name. */
  void erase(String id);
}
