package dev.modelops.edge;

import dev.modelops.domain.access.Caller;
import dev.modelops.domain.problem.Problem;
import dev.modelops.domain.problem.Refused;
import dev.modelops.domain.problem.Violation;
import dev.modelops.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/**
 * Reads who is asking from what the authorizer found out: {@code principal}, the JSON of a {@link Caller}, or
 * {@code error} and {@code errorDescription}. An authorizer's answer is kept for a while, so the credential's end is
 * looked at again here.
 */
final class Authentication {
  private Authentication() {}

  static Caller caller(Map<String, Object> authorizer, Instant now) {
    Optional<Caller> caller = principal(authorizer);
    if (caller.isEmpty()) {
      String error = String.valueOf(authorizer.getOrDefault("error", "missing"));
      Object description = authorizer.get("errorDescription");
      if (error.equals("issuer-unavailable")) {
        // Nothing is known against the credential: a 401 would send the caller for a new one.
        throw Refused.of(Problem.UNAVAILABLE, "the issuer's keys cannot be read at present");
      }
      throw unauthenticated(error, description == null ? describe(error) : description.toString());
    }
    Instant end = caller.get().expiresAt();
    if (end != null && !now.isBefore(end)) {
      throw unauthenticated("expired", describe("expired"));
    }
    return caller.get();
  }

  private static Optional<Caller> principal(Map<String, Object> authorizer) {
    if (!(authorizer.get("principal") instanceof String text)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Json.read(text, Caller.class));
    } catch (JacksonException unreadable) {
      return Optional.empty();
    }
  }

  private static String describe(String error) {
    return switch (error) {
      case "expired" -> "the credential has expired";
      case "revoked" -> "the credential was revoked";
      case "unknown-issuer" -> "the issuer of the token is not known here";
      case "wrong-audience" -> "the token is meant for another audience";
      case "missing" -> "send a credential: Authorization: Bearer <token>";
      default -> "the credential is not valid";
    };
  }

  private static Refused unauthenticated(String error, String description) {
    String text = description.replaceAll("[^ !#-\\[\\]-~]", "_");
    String challenge = error.equals("missing") ? "Bearer realm=\"modelops\""
        : "Bearer realm=\"modelops\", error=\"invalid_token\", error_description=\"" + error.replaceAll("[^a-z-]", "_")
            + ": " + text + "\"";
    return Refused.invalid(Problem.UNAUTHENTICATED,
        List.of(new Violation("header:Authorization", error, description, null)),
        Map.of("WWW-Authenticate", challenge));
  }
}
