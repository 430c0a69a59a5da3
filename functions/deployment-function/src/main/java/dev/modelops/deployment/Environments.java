package dev.modelops.deployment;

import dev.modelops.domain.Entities;
import dev.modelops.domain.Listing;
import dev.modelops.domain.Page;
import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.deployment.Environment;
import dev.modelops.domain.problem.Refused;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Environments as they count: what is stored, or the built-in default that nobody has replaced, at revision 0. */
final class Environments {

  private static final Set<String> BUILT_IN =
      Environment.initial().stream().map(Environment::name).collect(Collectors.toUnmodifiableSet());
  private static final String AFTER_BUILT_IN = "-";
  private static final String STORED = "+";

  private final Entities entities;

  @Inject
  Environments(Entities entities) {
    this.entities = entities;
  }

  Optional<Stored<Environment>> find(String name) {
    return entities.get(Environment.class, Ref.environment(name)).or(() -> Environment.initial().stream()
        .filter(environment -> environment.name().equals(name)).findFirst().map(Environments::unchanged));
  }

  /** @throws Refused 404 when there is none */
  Stored<Environment> require(String name) {
    return find(name).orElseThrow(() -> Refused.notFound("there is no environment " + name));
  }

  /** The built-in ones first, by name, then the others by name. */
  Page<Stored<Environment>> list(int limit, @Nullable String position) {
    if (position != null && position.startsWith(STORED)) {
      return others(limit, position.substring(STORED.length()));
    }
    int from = position == null ? 0 : Integer.parseInt(position.substring(AFTER_BUILT_IN.length()));
    List<Stored<Environment>> builtIn = builtIn();
    List<Stored<Environment>> items =
        new ArrayList<>(builtIn.subList(from, Math.min(builtIn.size(), from + limit)));
    if (from + limit < builtIn.size()) {
      return new Page<>(items, AFTER_BUILT_IN + (from + limit));
    }
    if (items.size() == limit) {
      return new Page<>(items, others(1, null).items().isEmpty() ? null : AFTER_BUILT_IN + builtIn.size());
    }
    Page<Stored<Environment>> rest = others(limit - items.size(), null);
    items.addAll(rest.items());
    return new Page<>(items, rest.position());
  }

  private Page<Stored<Environment>> others(int limit, @Nullable String position) {
    Page<Stored<Environment>> page = entities.list(new Listing<>(Environment.class, new Listing.Organisation(),
        environment -> !BUILT_IN.contains(environment.name()), limit, position));
    return new Page<>(page.items(), page.position() == null ? null : STORED + page.position());
  }

  private List<Stored<Environment>> builtIn() {
    Map<Ref, Stored<Environment>> stored =
        entities.getAll(Environment.class, BUILT_IN.stream().map(Ref::environment).toList());
    return Environment.initial().stream()
        .map(initial -> stored.getOrDefault(initial.ref(), unchanged(initial))).toList();
  }

  private static Stored<Environment> unchanged(Environment initial) {
    return new Stored<>(initial, 0, "");
  }
}
