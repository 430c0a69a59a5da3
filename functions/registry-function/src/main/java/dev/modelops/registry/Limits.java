package dev.modelops.registry;

import java.time.Duration;
import java.util.Map;

/**
 * What the template's parameters say.
 *
 * @param largestFile most bytes of one file
 * @param pendingTime how long a version may wait for its files
 */
record Limits(long largestFile, Duration pendingTime) {

  static Limits of(Map<String, String> env) {
    return new Limits(Long.parseLong(env.getOrDefault("ARTIFACT_MAX_BYTES", "5368709120")),
        Duration.parse(env.getOrDefault("PENDING_VERSION_TIME", "PT24H")));
  }
}
