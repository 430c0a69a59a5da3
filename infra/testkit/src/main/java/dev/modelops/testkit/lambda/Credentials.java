package dev.modelops.testkit.lambda;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** What Lambda gives a function to sign its calls with. */
public record Credentials(String accessKey, String secretKey, String token) {

  /** As the SDKs read it from the address that the environment names. */
  Map<String, String> asContainer() {
    return Map.of("AccessKeyId", accessKey, "SecretAccessKey", secretKey, "Token", token, "Expiration",
        Instant.now().plus(Duration.ofHours(6)).toString());
  }
}
