package dev.modelops.store.dynamodb;

import dev.modelops.domain.audit.AuditEntry.FieldChange;
import dev.modelops.domain.audit.AuditEntry.More;
import dev.modelops.json.Digests;
import dev.modelops.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Which fields of an entity changed, by JSON pointer, in a fixed order. Objects are entered, lists are compared whole. */
record Diff(List<FieldChange> changes) {

  static final int MOST_FIELDS = 16;
  /** As long as any. */
  static final String ANY_DIGEST = "0".repeat(64);
  private static final int LONGEST_VALUE = 128;

  static Diff of(@Nullable JsonNode old, JsonNode now, Set<String> secrets) {
    List<FieldChange> changes = new ArrayList<>();
    compare("", old, now, secrets, changes);
    return new Diff(List.copyOf(changes));
  }

  /**
   * How many of the first changes there is room for.
   *
   * @param room characters that they and what is said of the rest may add to the JSON of an entry without changes
   */
  int most(int room) {
    int fields = Math.min(MOST_FIELDS, changes.size());
    int taken = first(fields).stream().mapToInt(change -> 1 + Json.text(change).length()).sum();
    while (fields > 0 && Math.max(0, taken - 1) + restLength(fields) > room) {
      fields--;
      taken -= 1 + Json.text(changes.get(fields)).length();
    }
    return fields;
  }

  private int restLength(int fields) {
    return fields == changes.size() ? 0
        : ",\"more\":".length() + Json.text(new More(changes.size() - fields, ANY_DIGEST)).length();
  }

  /** The first changes, at most so many. */
  List<FieldChange> first(int most) {
    return changes.subList(0, Math.min(Math.max(0, most), changes.size()));
  }

  /** What the first ones leave out; null when nothing. */
  @Nullable
  More rest(int most) {
    int from = Math.min(Math.max(0, most), changes.size());
    return from == changes.size() ? null
        : new More(changes.size() - from, Digests.of(Json.node(changes.subList(from, changes.size()))));
  }

  private static void compare(String pointer, @Nullable JsonNode old, @Nullable JsonNode now, Set<String> secrets,
      List<FieldChange> changes) {
    if (old == null ? now == null : old.equals(now)) {
      return;
    }
    boolean enter =
        (old == null || old.isObject()) && (now == null || now.isObject()) && !(isEmpty(old) && isEmpty(now));
    if (!enter) {
      boolean secret = secrets.contains(pointer);
      changes.add(new FieldChange(pointer, show(old, secret), show(now, secret)));
      return;
    }
    Set<String> names = new TreeSet<>();
    if (old != null) {
      names.addAll(old.propertyNames());
    }
    if (now != null) {
      names.addAll(now.propertyNames());
    }
    for (String name : names) {
      compare(pointer + "/" + name.replace("~", "~0").replace("/", "~1"), old == null ? null : old.get(name),
          now == null ? null : now.get(name), secrets, changes);
    }
  }

  private static boolean isEmpty(@Nullable JsonNode node) {
    return node == null || node.isEmpty();
  }

  private static @Nullable String show(@Nullable JsonNode value, boolean secret) {
    if (value == null) {
      return null;
    }
    String text = Json.text(value);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return secret || bytes.length > LONGEST_VALUE
        ? "sha256:" + Digests.of(value) + "," + bytes.length
        : text;
  }
}
