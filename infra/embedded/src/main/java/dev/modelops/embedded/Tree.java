package dev.modelops.embedded;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A map of a parsed YAML or JSON document, read without casts: what is absent is empty. */
record Tree(Map<?, ?> values) {

  static Tree of(@Nullable Object node) {
    return new Tree(node instanceof Map<?, ?> map ? map : Map.of());
  }

  Tree map(String name) {
    return of(values.get(name));
  }

  Optional<String> text(String name) {
    return Optional.ofNullable(values.get(name)).map(String::valueOf);
  }

  String required(String name) {
    return text(name).orElseThrow(() -> new IllegalArgumentException(name + " is missing in " + values));
  }

  int number(String name, int otherwise) {
    return text(name).map(Integer::parseInt).orElse(otherwise);
  }

  boolean flag(String name) {
    return text(name).map(Boolean::parseBoolean).orElse(false);
  }

  /** A list of strings; a string with commas counts as one, as in a CommaDelimitedList parameter. */
  List<String> texts(String name) {
    return switch (values.get(name)) {
      case List<?> list -> list.stream().map(String::valueOf).toList();
      case String text when !text.isBlank() -> List.of(text.split("\\s*,\\s*"));
      case null, default -> List.of();
    };
  }

  List<Tree> trees(String name) {
    return values.get(name) instanceof List<?> list ? list.stream().map(Tree::of).toList() : List.of();
  }

  void each(BiConsumer<String, Tree> entry) {
    values.forEach((name, value) -> entry.accept(String.valueOf(name), of(value)));
  }

  /** Both maps merged, maps within too; what {@code other} says wins. */
  Tree with(Tree other) {
    Map<Object, @Nullable Object> merged = new LinkedHashMap<>(values);
    other.values.forEach((name, value) -> merged.put(name,
        merged.get(name) instanceof Map<?, ?> mine && value instanceof Map<?, ?> theirs
            ? new Tree(mine).with(new Tree(theirs)).values() : value));
    return new Tree(merged);
  }
}
