package dev.modelops.domain.registry;

import java.util.Optional;

/** Manifests by digest. Write-once: writing the same one again has no effect, so a write may be repeated at will. */
public interface Manifests {

  /** Stores it and returns its digest. Durable when it returns. */
  String put(Manifest manifest);

  Optional<Manifest> get(String digest);
}
