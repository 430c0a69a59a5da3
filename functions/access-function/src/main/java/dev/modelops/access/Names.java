package dev.modelops.access;

import dev.modelops.domain.access.Caller;
import dev.modelops.domain.access.Subjects;
import dev.modelops.domain.change.Unavailable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Remembers what issuers call their subjects: a write only when a name is new to this process. */
final class Names {

  static final int LONGEST = 200;
  private static final int MOST_KNOWN = 10_000;

  private final Subjects subjects;
  private final Map<String, String> known = new ConcurrentHashMap<>();

  Names(Subjects subjects) {
    this.subjects = subjects;
  }

  void remember(Caller caller) {
    String name = caller.displayName();
    if (name == null || name.equals(known.get(caller.subject()))) {
      return;
    }
    if (known.size() >= MOST_KNOWN) {
      known.clear();
    }
    try {
      subjects.remember(new Subjects.Subject(caller.subject(), caller.type(), name));
      known.put(caller.subject(), name);
    } catch (Unavailable e) {
      return; // a name is no reason to turn anybody away; the next request tries again
    }
  }
}
