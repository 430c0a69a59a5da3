package dev.modelops.local.function;

/** A function gave no usable answer. */
public final class FunctionFailed extends Exception {
  /** What went wrong. */
  public enum Why {
    /** The handler threw. */
    THROWN,
    /** The handler took longer than the template allows. */
    TIMEOUT,
    /** The handler took longer than its caller waits. */
    OUT_OF_PATIENCE,
    /** The event is larger than Lambda takes. */
    EVENT_TOO_LARGE,
    /** The answer is larger than Lambda gives. */
    ANSWER_TOO_LARGE
  }

  private final Why why;

  FunctionFailed(Why why, String message) {
    super(message, null, false, false); // where it was waited for says nothing
    this.why = why;
  }

  FunctionFailed(String function, Throwable thrown) {
    super(function + " threw " + thrown, thrown, false, false);
    this.why = Why.THROWN;
  }

  public Why why() {
    return why;
  }
}
