package dev.modelops.local;

/** The runtime cannot start. The message is one sentence for the person who started it: what is wrong, what to do. */
final class CannotStart extends RuntimeException {
  CannotStart(String sentence) {
    super(sentence);
  }

  CannotStart(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
