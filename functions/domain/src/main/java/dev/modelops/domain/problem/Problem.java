package dev.modelops.domain.problem;

import java.util.Locale;

/** The one table of problems (RFC 9457): what can be wrong, its status, its title. The type URI ends in the wire name. */
public enum Problem {
  INVALID_REQUEST(400, "The request is not valid"),
  MALFORMED_BODY(400, "The body is not well-formed JSON"),
  INVALID_CURSOR(400, "The cursor does not belong to this list"),
  UNAUTHENTICATED(401, "A valid credential is needed"),
  FORBIDDEN(403, "This caller may not do that"),
  NOT_FOUND(404, "There is no such thing"),
  METHOD_NOT_ALLOWED(405, "The path does not know this method"),
  NOT_ACCEPTABLE(406, "None of the accepted media types can be given"),
  ALREADY_EXISTS(409, "The name is taken"),
  CONFLICT(409, "The present state does not allow it"),
  ILLEGAL_MOVE(409, "The state does not allow this move"),
  GATE_CLOSED(409, "The gate is closed"),
  PRECONDITION_FAILED(412, "The entity has changed"),
  BODY_TOO_LARGE(413, "The body is too large"),
  UNSUPPORTED_MEDIA_TYPE(415, "The media type is not supported"),
  UNPROCESSABLE(422, "The content breaks a rule"),
  IDEMPOTENCY_KEY_REUSED(422, "The idempotency key was used for another request"),
  PRECONDITION_REQUIRED(428, "If-Match is required"),
  TOO_MANY_REQUESTS(429, "Too many requests"),
  INTERNAL_ERROR(500, "Something failed on our side"),
  UNAVAILABLE(503, "Try again shortly");

  private final int status;
  private final String title;

  Problem(int status, String title) {
    this.status = status;
    this.title = title;
  }

  public int status() {
    return status;
  }

  public String title() {
    return title;
  }

  public String wire() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
