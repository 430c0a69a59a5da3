package dev.modelops.embedded;

/** The local parts cannot start. The message is one sentence for the person who started them: what is wrong, what to do. */
public final class StartException extends RuntimeException {
  private static final long serialVersionUID = 1;

  StartException(String sentence) {
    super(sentence);
  }

  StartException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
