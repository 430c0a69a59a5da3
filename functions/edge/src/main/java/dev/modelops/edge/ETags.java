package dev.modelops.edge;

import dev.modelops.domain.problem.Problem;
import dev.modelops.domain.problem.Refused;
import dev.modelops.domain.problem.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Entity tags in conditional requests (RFC 9110, section 13.1). */
final class ETags {
  private static final Pattern TAG = Pattern.compile("[ \t]*(W/)?\"([!#-~\\x80-\\xff]*)\"[ \t]*(,|$)");
  /** No entity has this revision. */
  static final long NO_REVISION = -1;

  private ETags() {}

  record Tag(boolean weak, String opaque) {}

  static String strong(String opaque) {
    return '"' + opaque + '"';
  }

  /** @throws Refused when the text is no list of tags */
  static List<Tag> parse(String header, String text) {
    List<Tag> tags = new ArrayList<>();
    Matcher matcher = TAG.matcher(text);
    int at = 0;
    while (at < text.length()) {
      if (!matcher.region(at, text.length()).lookingAt()) {
        throw refused(header, "format", "must be an entity tag in quotes, as ETag gave it", "\"3\"");
      }
      tags.add(new Tag(matcher.group(1) != null, matcher.group(2)));
      at = matcher.end();
    }
    if (tags.isEmpty() || text.endsWith(",")) {
      throw refused(header, "format", "must be an entity tag in quotes, as ETag gave it", "\"3\"");
    }
    return tags;
  }

  /** The revisions that an {@code If-Match} names; tags that are no revision match nothing. */
  static List<Long> revisions(String text) {
    if (text.strip().equals("*")) {
      throw refused(Headers.IF_MATCH, "wildcard", "`*` would overwrite a change that you have not seen: send the ETag",
          "\"3\"");
    }
    List<Long> revisions = new ArrayList<>();
    for (Tag tag : parse(Headers.IF_MATCH, text)) {
      if (tag.weak()) {
        throw refused(Headers.IF_MATCH, "weak", "a weak tag cannot guard a change: send the ETag as it was given",
            "\"3\"");
      }
      revisions.add(tag.opaque().matches("0|[1-9][0-9]{0,17}") ? Long.parseLong(tag.opaque()) : NO_REVISION);
    }
    return revisions;
  }

  /** Whether an {@code If-None-Match} knows the strong tag already (weak comparison). */
  static boolean knows(String ifNoneMatch, String etag) {
    return ifNoneMatch.strip().equals("*")
        || parse(Headers.IF_NONE_MATCH, ifNoneMatch).stream().anyMatch(tag -> strong(tag.opaque()).equals(etag));
  }

  private static Refused refused(String header, String code, String message, String allowed) {
    return Refused.invalid(Problem.INVALID_REQUEST,
        List.of(new Violation("header:" + header, code, message, allowed)));
  }
}
