package dev.modelops.domain.problem;

import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with a request.
 *
 * @param pointer where: a JSON pointer into the body ({@code /artifacts/0/sha256}), or {@code query:limit},
 *     {@code header:If-Match}, {@code path:model}
 * @param code what, for machines: {@code required}, {@code unknown-field}, {@code pattern}, {@code range}, …
 * @param message what and what to do, for people
 * @param allowed what would be accepted, where that can be said shortly
 */
public record Violation(String pointer, String code, String message, @Nullable String allowed) {}
