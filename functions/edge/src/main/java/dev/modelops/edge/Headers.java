package dev.modelops.edge;

/** Names of headers, as they are written. */
final class Headers {
  static final String IDEMPOTENCY_KEY = "Idempotency-Key";
  static final String IF_MATCH = "If-Match";
  static final String IF_NONE_MATCH = "If-None-Match";
  static final String REASON = "X-Reason";
  static final String REQUEST_ID = "X-Request-Id";

  private Headers() {}
}
