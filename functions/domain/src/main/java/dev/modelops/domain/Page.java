package dev.modelops.domain;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list. It may hold fewer items than were asked for, even none, and yet not be the last one (AIP-158): only
 * an absent position says that nothing follows.
 *
 * @param position where the next page starts; meaningful to the store alone
 */
public record Page<T>(List<T> items, @Nullable String position) {

  public Page {
    items = List.copyOf(items);
  }

  public Optional<String> next() {
    return Optional.ofNullable(position);
  }

  public <U> Page<U> map(Function<? super T, ? extends U> each) {
    return new Page<>(items.stream().<U>map(each).toList(), position);
  }
}
