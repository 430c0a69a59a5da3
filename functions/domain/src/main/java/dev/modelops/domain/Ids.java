package dev.modelops.domain;

import java.security.SecureRandom;
import java.time.Clock;

/**
 * Makes prefixed, time-ordered, opaque ids: {@code dep_01JD…}, a ULID (48 bits of milliseconds, 80 random bits) in
 * lower-case Crockford base 32. The randomness is drawn at each call: nothing of it survives in a snapshot.
 */
public final class Ids {

  private static final char[] ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();
  private static final int LENGTH = 26;

  private final Clock clock;

  public Ids(Clock clock) {
    this.clock = clock;
  }

  /** A new id: the prefix, an underscore, 26 characters. */
  public String next(String prefix) {
    byte[] random = new byte[10];
    new SecureRandom().nextBytes(random);
    return prefix + "_" + encode(clock.millis(), random);
  }

  private static String encode(long millis, byte[] random) {
    char[] text = new char[LENGTH];
    long time = millis;
    for (int i = 9; i >= 0; i--) {
      text[i] = ALPHABET[(int) (time & 31)];
      time >>>= 5;
    }
    int bits = 0;
    int held = 0;
    int at = 10;
    for (byte b : random) {
      held = (held << 8) | (b & 0xff);
      bits += 8;
      while (bits >= 5) {
        bits -= 5;
        text[at++] = ALPHABET[(held >>> bits) & 31];
      }
      held &= (1 << bits) - 1;
    }
    return new String(text);
  }
}
