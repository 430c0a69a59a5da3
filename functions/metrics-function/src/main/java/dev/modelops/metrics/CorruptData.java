package dev.modelops.metrics;

import org.jspecify.annotations.Nullable;

/** Stored bytes are not what was written: a defect of ours or of the store, never of a request. */
final class CorruptData extends RuntimeException {

  private static final long serialVersionUID = 1;

  CorruptData(String what, @Nullable Throwable cause) {
    super(what, cause);
  }
}
