package dev.modelops.domain.registry;

import org.jspecify.annotations.Nullable;

/**
 * A file of a version, as declared by its manifest.
 *
 * @param path relative, with {@code /}; unique in the version; never part of a storage key
 * @param size in bytes, up to 5 GiB
 * @param sha256 lower-case hex
 * @param format e.g. {@code onnx}, {@code pmml}, {@code dmn}, {@code mps}, {@code python-pickle}
 */
public record Artifact(String path, long size, String sha256, String mediaType, @Nullable String format) {}
