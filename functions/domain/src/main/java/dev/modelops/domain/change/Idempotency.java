package dev.modelops.domain.change;

import dev.modelops.domain.Ref;
import java.time.Instant;

/**
 * What is remembered of a request that carried an {@code Idempotency-Key}: enough to give the first answer again, and
 * never the body.
 *
 * @param key subject, operation and key, as one opaque text
 * @param request digest of the request
 * @param status of the first answer
 * @param entity what the first answer was about
 * @param expiresAt when it may be forgotten, at least 24 hours after the request
 */
public record Idempotency(String key, String request, int status, Ref entity, Instant expiresAt) {}
