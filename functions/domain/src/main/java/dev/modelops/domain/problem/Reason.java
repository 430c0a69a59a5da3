package dev.modelops.domain.problem;

import org.jspecify.annotations.Nullable;

/**
 * Why a gate is closed, as data.
 *
 * @param rule which rule, e.g. {@code required-check}
 * @param fixableBy the permission or act that can open it; null when nothing can
 */
public record Reason(String rule, String expected, String found, @Nullable String fixableBy) {}
