package dev.modelops.metrics;

/**
 * How far the minutes of one model and environment are closed.
 *
 * @param fence minutes up to this one no longer open: whoever closes moves it first, and then reads blocks
 * @param done minutes up to this one are closed, and the hours that end with them
 * @param touched the minute in which points were last seen, to within half an hour
 */
record Watermark(long fence, long done, long touched) {

  private static final char KIND = 'W';
  private static final int FORMAT = 1;

  byte[] encode() {
    return Envelope.seal(KIND, FORMAT, new ByteSink().zigzag(fence).zigzag(done).zigzag(touched).toBytes());
  }

  static Watermark decode(byte[] bytes) {
    ByteSource in = new ByteSource(Envelope.open(KIND, FORMAT, bytes));
    return new Watermark(in.zigzag(), in.zigzag(), in.zigzag());
  }

  /** Whether the hour is closed, or being closed. */
  boolean fencesHour(long hour) {
    return Minutes.lastOfHour(hour) <= fence;
  }

  /** Whether the hour is closed: whoever changes one of its minutes must make it anew. */
  boolean closedHour(long hour) {
    return Minutes.lastOfHour(hour) <= done;
  }
}
