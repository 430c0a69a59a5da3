package dev.modelops.testkit.lambda;

/** The function reported an error in place of an answer, or ended without either. */
public final class FunctionError extends RuntimeException {
  private static final long serialVersionUID = 1;

  FunctionError(String message) {
    super(message);
  }
}
