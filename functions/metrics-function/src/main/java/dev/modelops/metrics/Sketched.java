package dev.modelops.metrics;

import dev.modelops.domain.metrics.Rollups.Cell;
import java.util.Optional;

/**
 * A sketch and which parts of its time it contains: minutes of a quarter of an hour, or hours of a day. A part that is
 * contained is never added again; when its points have changed, all is made anew.
 *
 * @param parts a bit for each part
 */
record Sketched(long parts, Aggregate aggregate) {

  private static final char KIND = 'S';
  private static final int FORMAT = 1;

  static Sketched empty() {
    return new Sketched(0, new Aggregate());
  }

  boolean contains(int part) {
    return (parts >>> part & 1) == 1;
  }

  /** Changes the aggregate in place: the old value must not be used any more. */
  Sketched with(int part, Aggregate more) {
    aggregate.add(more);
    return new Sketched(parts | 1L << part, aggregate);
  }

  byte[] encode() {
    ByteSink out = new ByteSink().varint(parts);
    aggregate.write(out);
    return Envelope.seal(KIND, FORMAT, out.toBytes());
  }

  static Sketched decode(byte[] bytes) {
    ByteSource in = new ByteSource(Envelope.open(KIND, FORMAT, bytes));
    return new Sketched(in.varint(), Aggregate.read(in));
  }

  static Sketched decode(Optional<Cell> cell) {
    return cell.map(found -> decode(found.data())).orElseGet(Sketched::empty);
  }
}
