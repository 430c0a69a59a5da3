package dev.modelops.domain.change;

import dev.modelops.domain.Ref;

/** A change that was not written, since the world has moved. Says what moved. */
public final class Lost extends Exception {

  private static final long serialVersionUID = 1;

  /** What moved. */
  public sealed interface Cause {}

  /** An entity that should have been created exists. */
  public record Exists(Ref ref) implements Cause {}

  /** An entity that should have been replaced has another revision; {@code rev} 0: it is gone or never was. */
  public record Moved(Ref ref, long rev) implements Cause {}

  /** A name belongs to another entity. */
  public record Taken(Change.Claim claim, Ref owner) implements Cause {}

  /** The idempotency key has been used: the request itself was done already, or another one with its key. */
  public record Done(Idempotency first) implements Cause {}

  private final transient Cause cause;

  public Lost(Cause cause) {
    super(cause.toString(), null, false, false);
    this.cause = cause;
  }

  public Cause moved() {
    return cause;
  }
}
