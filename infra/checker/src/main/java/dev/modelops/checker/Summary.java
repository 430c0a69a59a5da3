package dev.modelops.checker;

import java.util.Locale;

/**
 * What a run came to.
 *
 * @param items that were looked at
 * @param units read units, as DynamoDB counted them
 * @param files that S3 was asked about
 */
public record Summary(long items, double units, long files, long findings) {

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%d items and %d files looked at for %.1f read units: %s", items, files, units,
        findings == 0 ? "nothing is wrong" : findings + (findings == 1 ? " finding" : " findings"));
  }
}
