package dev.modelops.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * The text of an API token: {@code mop_}, 26 characters that name it, 52 of its secret (256 random bits), 7 of a CRC-32 of
 * all before. One run of lower-case letters and digits, so that a double click takes all of it and secret scanners find it
 * by {@code mop_[0-9a-hjkmnp-tv-z]{85}} and its checksum.
 *
 * @param id {@code tok_…}, see {@link dev.modelops.domain.Ids}
 * @param secret 52 characters
 */
record ApiToken(String id, String secret) {

  static final String PREFIX = "mop_";
  private static final String ID_PREFIX = "tok_";
  private static final int ID = 26;
  private static final int SECRET = 52;
  private static final int CHECKSUM = 7;
  private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
  private static final Pattern SHAPE = Pattern.compile("mop_[0-9a-hjkmnp-tv-z]{" + (ID + SECRET + CHECKSUM) + "}");

  /** A new secret for the token of this id. */
  static ApiToken issue(String id) {
    byte[] random = new byte[32];
    // Drawn at each call: a generator made at start would be cloned with a snapshot.
    new SecureRandom().nextBytes(random);
    return new ApiToken(id, base32(random));
  }

  /** Reads a token's text; empty when its shape or its checksum is wrong. Reads nothing else. */
  static Optional<ApiToken> parse(String text) {
    if (!SHAPE.matcher(text).matches()) {
      return Optional.empty();
    }
    String body = text.substring(0, text.length() - CHECKSUM);
    if (!text.substring(body.length()).equals(checksum(body))) {
      return Optional.empty();
    }
    int secret = PREFIX.length() + ID;
    return Optional.of(new ApiToken(ID_PREFIX + body.substring(PREFIX.length(), secret), body.substring(secret)));
  }

  /** What the caller is shown, once. */
  String text() {
    String body = PREFIX + id.substring(ID_PREFIX.length()) + secret;
    return body + checksum(body);
  }

  /** What is stored: SHA-256 of the secret, lower-case hex. A slow hash would guard guessable secrets; these are not. */
  String hash() {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(secret.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Compares in constant time. */
  boolean matches(String storedHash) {
    return MessageDigest.isEqual(hash().getBytes(StandardCharsets.US_ASCII),
        storedHash.getBytes(StandardCharsets.US_ASCII));
  }

  private static String checksum(String body) {
    CRC32 crc = new CRC32();
    crc.update(body.getBytes(StandardCharsets.US_ASCII));
    char[] text = new char[CHECKSUM];
    long value = crc.getValue();
    for (int i = CHECKSUM - 1; i >= 0; i--) {
      text[i] = ALPHABET.charAt((int) (value & 31));
      value >>>= 5;
    }
    return new String(text);
  }

  static String base32(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    int held = 0;
    int bits = 0;
    for (byte each : bytes) {
      held = (held << 8) | (each & 0xff);
      bits += 8;
      while (bits >= 5) {
        bits -= 5;
        text.append(ALPHABET.charAt((held >>> bits) & 31));
      }
      held &= (1 << bits) - 1;
    }
    if (bits > 0) {
      text.append(ALPHABET.charAt((held << (5 - bits)) & 31));
    }
    return text.toString();
  }

  @Override
  public String toString() {
    return id; // a secret never reaches a log by accident
  }
}
