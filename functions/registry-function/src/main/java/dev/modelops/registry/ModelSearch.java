package dev.modelops.registry;

import dev.modelops.domain.Entities;
import dev.modelops.domain.Listing;
import dev.modelops.domain.Page;
import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.access.Caller;
import dev.modelops.domain.access.Permission;
import dev.modelops.domain.access.Scope;
import dev.modelops.domain.problem.Problem;
import dev.modelops.domain.problem.Refused;
import dev.modelops.domain.problem.Violation;
import dev.modelops.domain.registry.Model;
import dev.modelops.domain.registry.Words;
import dev.modelops.edge.Reply;
import dev.modelops.edge.Request;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Lists and searches models. One index is walked, in a fixed order of preference: owner, tag, text, tier, kind, all;
 * what the other filters say is applied to what it finds.
 *
 * <p>Where the caller may read whole departments, these are part of every key that is read. Models that a grant names
 * one by one are read by name, before the walk, so that nobody pages through a department to find the one model of his.
 */
final class ModelSearch {

  private static final String NAMED = "named:";
  private static final String WALK = "walk:";

  private record Filters(@Nullable String department, @Nullable String kind, @Nullable String owner,
      @Nullable String tier, @Nullable String tag, @Nullable String text, @Nullable String state) {

    static Filters of(Request request) {
      return new Filters(request.query("department").orElse(null), request.query("kind").orElse(null),
          request.query("owner").orElse(null), request.query("tier").orElse(null), request.query("tag").orElse(null),
          request.query("text").orElse(null), request.query("state").orElse(null));
    }

    String[] binding() {
      List<String> values = new ArrayList<>();
      for (String each : new @Nullable String[] {department, kind, owner, tier, tag, text, state}) {
        values.add(Objects.requireNonNullElse(each, ""));
      }
      return values.toArray(String[]::new);
    }

    Set<String> words() {
      return Words.of(text);
    }

    boolean match(Model model) {
      return is(department, model.department()) && is(kind, model.kind()) && is(owner, model.owner())
          && is(tier, model.riskTier()) && is(state, model.state())
          && (tag == null || tag(model).isPresent()) && Words.match(model, words());
    }

    private Optional<String> tag(Model model) {
      String wanted = Objects.requireNonNull(tag);
      int colon = wanted.indexOf(':');
      return Optional.ofNullable(model.tags().get(wanted.substring(0, colon)))
          .filter(wanted.substring(colon + 1)::equals);
    }

    private static boolean is(@Nullable String wanted, @Nullable Object found) {
      return wanted == null
          || found != null && wanted.equals(found instanceof Enum<?> constant ? wire(constant) : found);
    }

    private static String wire(Enum<?> value) {
      return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private final Entities entities;

  @Inject
  ModelSearch(Entities entities) {
    this.entities = entities;
  }

  Reply list(Request request) {
    Filters filters = Filters.of(request);
    if (filters.text() != null && filters.words().isEmpty()) {
      throw Refused.invalid(Problem.INVALID_REQUEST, List.of(new Violation("query:text", "words",
          "a text to search for has a letter or a digit", null)));
    }
    Page<Stored<Model>> page =
        page(request.caller(), filters, request.limit(), request.position(filters.binding()));
    return request.page(page.map(Stored::entity), filters.binding());
  }

  private Page<Stored<Model>> page(Caller caller, Filters filters, int limit, @Nullable String position) {
    Scope whole = within(caller.wholeScope(Permission.READ), filters.department());
    boolean walks = !(whole instanceof Scope.Departments departments && departments.names().isEmpty());
    List<Stored<Model>> found = new ArrayList<>();
    if (position == null || position.startsWith(NAMED)) {
      Page<Stored<Model>> named =
          named(caller, filters, limit, position == null ? "" : position.substring(NAMED.length()));
      if (named.position() != null) {
        return named;
      }
      found.addAll(named.items());
      if (!walks || found.size() == limit) {
        return new Page<>(found, walks ? WALK : null);
      }
    }
    @Nullable String from = position == null || !position.startsWith(WALK) || position.equals(WALK) ? null
        : position.substring(WALK.length());
    Page<Stored<Model>> walked = walk(whole, filters, limit - found.size(), from);
    found.addAll(walked.items());
    return new Page<>(found, walked.next().map(WALK::concat).orElse(null));
  }

  private static Scope within(Scope scope, @Nullable String department) {
    return department == null ? scope
        : new Scope.Departments(scope.covers(department) ? Set.of(department) : Set.of());
  }

  /** Models that a grant names and no grant holds by their department, in the order of their names. */
  private Page<Stored<Model>> named(Caller caller, Filters filters, int limit, String after) {
    Set<String> names = new TreeSet<>();
    caller.namedModels(Permission.READ).stream().map(Ref::fold).filter(name -> name.compareTo(after) > 0)
        .forEach(names::add);
    List<String> next = names.stream().limit(limit).toList();
    if (next.isEmpty()) {
      return new Page<>(List.of(), null);
    }
    Map<Ref, Stored<Model>> models = entities.getAll(Model.class, next.stream().map(Ref::model).toList());
    Scope whole = caller.wholeScope(Permission.READ);
    Predicate<Model> shown = model -> caller.may(Permission.READ, model.department(), model.name())
        && !whole.covers(model.department()) && filters.match(model);
    List<Stored<Model>> found = next.stream().map(Ref::model).map(models::get).filter(Objects::nonNull)
        .filter(stored -> shown.test(stored.entity())).toList();
    return new Page<>(found, names.size() > limit ? NAMED + next.getLast() : null);
  }

  private Page<Stored<Model>> walk(Scope scope, Filters filters, int limit, @Nullable String position) {
    return entities.list(new Listing<>(Model.class, walkOf(scope, filters),
        model -> scope.covers(model.department()) && filters.match(model), limit, position));
  }

  private static Listing.Walk walkOf(Scope scope, Filters filters) {
    if (filters.owner() != null) {
      return new Listing.ByTerm(scope, "owner", filters.owner(), false);
    }
    if (filters.tag() != null) {
      return new Listing.ByTerm(scope, "tag", filters.tag(), false);
    }
    if (filters.text() != null) {
      // The longest word is likely the rarest.
      return new Listing.ByPrefix(scope,
          filters.words().stream().max(Comparator.comparingInt(String::length)).orElseThrow());
    }
    if (filters.tier() != null) {
      return new Listing.ByTerm(scope, "tier", filters.tier(), false);
    }
    if (filters.kind() != null) {
      return new Listing.ByTerm(scope, "kind", filters.kind(), false);
    }
    return new Listing.ByTerm(scope, "all", "", false);
  }
}
