package dev.modelops.domain.registry;

/**
 * The bytes of artifacts. They never pass through us: callers move them by {@link ArtifactGrant}s. An object's place
 * follows from model, version and SHA-256 alone, so no text of a caller is ever part of it, and it is written once: the
 * grant lets the store refuse what is longer, shorter or other than declared, and whatever comes second.
 */
public interface ArtifactStore {

  /** A grant to write the file once. Made without a call; the store refuses to write what is there already (412). */
  ArtifactGrant upload(String model, int version, Artifact artifact);

  /** A grant to read the file, under its own name and media type, as an attachment. Made without a call. */
  ArtifactGrant download(String model, int version, Artifact artifact);

  /**
   * Compares size and SHA-256 as the store itself measured them with what was declared, without a download. Strongly
   * consistent: an upload that was acknowledged is seen.
   *
   * @throws dev.modelops.domain.change.Unavailable when the store does not answer in time
   */
  Finding verify(String model, int version, Artifact artifact);

  /** What the store holds in the place of a file. */
  sealed interface Finding {}

  /** Exactly what was declared. */
  record Proved() implements Finding {}

  record Missing() implements Finding {}

  record OtherSize(long found) implements Finding {}

  record OtherChecksum(String found) implements Finding {}

  /** The store measured no SHA-256: the object cannot have been written by a grant. */
  record NoChecksum() implements Finding {}
}
