package dev.modelops.domain.change;

/**
 * The store did not answer in time. After a write the outcome is unknown: the caller should send the same request again
 * ({@code 503} with {@code Retry-After}).
 */
public final class Unavailable extends RuntimeException {

  private static final long serialVersionUID = 1;

  public Unavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
