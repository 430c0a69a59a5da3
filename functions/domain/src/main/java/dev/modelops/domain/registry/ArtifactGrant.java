package dev.modelops.domain.registry;

import java.net.URI;
import java.time.Instant;
import java.util.Map;

/**
 * Leave to move one file straight to or from the store of artifacts, without any other credential. Holds a signature:
 * never logged, never stored.
 *
 * @param headers to be sent exactly so
 * @param expiresAt until when it can be begun
 */
public record ArtifactGrant(String method, URI url, Map<String, String> headers, Instant expiresAt) {

  public ArtifactGrant {
    headers = Map.copyOf(headers);
  }

  @Override
  public String toString() {
    return method + " until " + expiresAt;
  }
}
