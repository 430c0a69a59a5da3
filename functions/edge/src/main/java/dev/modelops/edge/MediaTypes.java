package dev.modelops.edge;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Media types of bodies and of {@code Accept} (RFC 9110, section 12.5.1). */
final class MediaTypes {
  private MediaTypes() {}

  private record Range(String type, double weight) {
    int exactness() {
      return type.equals("*/*") ? 0 : type.endsWith("/*") ? 1 : 2;
    }

    boolean holds(String other) {
      return switch (exactness()) {
        case 0 -> true;
        case 1 -> other.startsWith(type.substring(0, type.length() - 1));
        default -> other.equals(type);
      };
    }
  }

  /** The best of what is offered; on equal weight the first. Empty when nothing is acceptable. */
  static Optional<String> choose(String accept, List<String> offered) {
    List<Range> ranges = ranges(accept);
    String best = null;
    double most = 0;
    for (String each : offered) {
      double weight = weight(ranges, each);
      if (weight > most) {
        most = weight;
        best = each;
      }
    }
    return Optional.ofNullable(best);
  }

  private static double weight(List<Range> ranges, String type) {
    int exactness = -1;
    double weight = 0;
    for (Range range : ranges) {
      if (range.holds(type) && range.exactness() > exactness) {
        exactness = range.exactness();
        weight = range.weight();
      }
    }
    return weight;
  }

  private static List<Range> ranges(String accept) {
    List<Range> ranges = new ArrayList<>();
    for (String part : accept.split(",")) {
      String[] pieces = part.split(";");
      String type = pieces.length == 0 ? "" : pieces[0].strip().toLowerCase(Locale.ROOT);
      if (!type.isEmpty()) {
        double weight = 1;
        for (int i = 1; i < pieces.length; i++) {
          String piece = pieces[i].strip().toLowerCase(Locale.ROOT);
          if (piece.startsWith("q=")) {
            weight = piece.matches("q=[01](\\.[0-9]{0,3})?") ? Double.parseDouble(piece.substring(2)) : 0;
          }
        }
        ranges.add(new Range(type, weight));
      }
    }
    return ranges.isEmpty() ? List.of(new Range("*/*", 1)) : ranges;
  }

  /** Without parameters, in lower case. */
  static String bare(String contentType) {
    int semicolon = contentType.indexOf(';');
    return (semicolon < 0 ? contentType : contentType.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
  }

  /** Whether the text is in UTF-8, said or not. */
  static boolean utf8(String contentType) {
    String lower = contentType.toLowerCase(Locale.ROOT).replace("\"", "").replace(" ", "");
    int charset = lower.indexOf(";charset=");
    return charset < 0 || lower.startsWith("utf-8", charset + 9);
  }
}
