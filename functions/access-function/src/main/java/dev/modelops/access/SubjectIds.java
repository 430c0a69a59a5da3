package dev.modelops.access;

import dev.modelops.domain.access.SubjectType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Opaque ids of the subjects of an issuer: the first 130 bits of SHA-256 over issuer and subject. Audit entries hold them
 * for ever and yet name nobody.
 */
final class SubjectIds {

  private static final int LENGTH = 26;

  private SubjectIds() {}

  static String of(SubjectType type, String issuer, String subject) {
    // An issuer is a URL, which cannot hold the bar: no two pairs give the same text.
    byte[] text = (issuer + "|" + subject).getBytes(StandardCharsets.UTF_8);
    try {
      String digest = ApiToken.base32(MessageDigest.getInstance("SHA-256").digest(text));
      return prefix(type) + "_" + digest.substring(0, LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  static String prefix(SubjectType type) {
    return switch (type) {
      case PERSON -> "usr";
      case SERVICE -> "svc";
    };
  }
}
