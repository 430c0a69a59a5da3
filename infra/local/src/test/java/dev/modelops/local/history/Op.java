package dev.modelops.local.history;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One operation of one client, with all its repetitions: what was asked, between when, and what came of it. Times are of
 * {@link System#nanoTime()}.
 *
 * @param id begins every request id of the operation, so that the audit trail tells which operation made a revision
 * @param entity what it is about, as the audit trail names it; empty when that is not known, as of a creation without an
 *     answer
 * @param value what it says: the title that it writes, the version that an alias is to have, the decision; empty if
 *     nothing
 * @param certain whether, if done, it must have changed something: not so where what is asked may be true already
 * @param rev revision in the answer; 0 if there is none
 * @param seen what of the entity's state the answer shows, see {@link Rules#seen}; null if nothing
 * @param unsure whether one of its requests got no answer, or one that leaves open whether it was done
 * @param replayed whether the answer was that of an earlier request of it
 */
record Op(String id, String operation, String entity, String value, boolean certain, long began, long ended,
    Outcome outcome, int status, long rev, @Nullable String seen, boolean unsure, boolean replayed) {

  /** What came of it, as far as its client knows. */
  enum Outcome {
    DONE,
    REFUSED,
    /** No answer, however often it was repeated. */
    UNKNOWN
  }

  boolean done() {
    return outcome == Outcome.DONE;
  }

  boolean reads() {
    return operation.startsWith("get") || operation.startsWith("list");
  }

  /** The number in {@code version:m:7}. */
  static int number(String version) {
    return Integer.parseInt(version.substring(version.lastIndexOf(':') + 1));
  }

  /** The operation that sent the request; what the system does by itself is an operation of its own. */
  static String of(String requestId) {
    return isBySystem(requestId) ? requestId : requestId.substring(0, Math.max(0, requestId.lastIndexOf('.')));
  }

  /** Whether what did it is named before the request id, which is so where nobody asked for it. */
  static boolean isBySystem(String id) {
    return id.indexOf(' ') > 0;
  }

  /** What the system did by itself, such as {@code auto-deploy}: it was asked for by nobody, so at any time. */
  static Op bySystem(String id) {
    return new Op(id, id.substring(0, id.indexOf(' ')), "", "", false, Long.MIN_VALUE, Long.MAX_VALUE, Outcome.DONE, 0,
        0, null, false, false);
  }

  boolean isBySystem() {
    return isBySystem(id);
  }

  @Override
  public String toString() {
    return "%s %s %s '%s' [%.3f s, %.3f s] %s %d rev %d%s%s%s".formatted(id, operation, entity, value, began / 1e9,
        ended / 1e9, outcome, status, rev, seen == null ? "" : " saw '" + Objects.requireNonNull(seen) + "'",
        unsure ? " unsure" : "", replayed ? " replayed" : "");
  }
}
