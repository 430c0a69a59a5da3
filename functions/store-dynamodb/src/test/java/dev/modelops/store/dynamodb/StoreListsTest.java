package dev.modelops.store.dynamodb;

import static dev.modelops.store.dynamodb.Samples.NOW;
import static dev.modelops.store.dynamodb.Samples.model;
import static dev.modelops.store.dynamodb.Samples.version;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.Listing;
import dev.modelops.domain.Page;
import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.access.Scope;
import dev.modelops.domain.change.Change;
import dev.modelops.domain.change.Lost;
import dev.modelops.domain.registry.Model;
import dev.modelops.domain.registry.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every store must find in its lists, on a real one. Each test uses names of its own. */
class StoreListsTest {

  private static final StoreStage STORE = new StoreStage();

  @Test
  void aListWalksTheTermWithinTheScopeInOrderAndItsPagesAreTheWhole() throws Lost {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 37; i++) {
      String name = "listed-%02d".formatted(i * 7 % 37);
      STORE.create(model(name, i % 2 == 0 ? "lists-a" : "lists-b", Map.of("list", "yes", "n", "" + i % 3)));
      expected.add(name);
    }
    expected.sort(null);
    Listing.Walk everywhere = new Listing.ByTerm(Scope.ALL, "tag", "list:yes", false);
    assertThat(STORE.names(everywhere, 5)).isEqualTo(expected);
    assertThat(STORE.names(new Listing.ByTerm(Scope.ALL, "tag", "list:yes", true), 10)).isEqualTo(expected.reversed());
    Scope one = new Scope.Departments(Set.of("lists-a"));
    assertThat(STORE.names(new Listing.ByTerm(one, "tag", "list:yes", false), 4)).hasSize(19);
    assertThat(
        STORE.names(new Listing.ByTerm(new Scope.Departments(Set.of("lists-a", "lists-b")), "all", "", false), 6))
        .isEqualTo(expected);
    assertThat(STORE.names(new Listing.ByTerm(new Scope.Departments(Set.of()), "all", "", false), 6)).isEmpty();
  }

  @Test
  void aFilteredPageMayBeShortButTheUnionOfPagesIsExact() throws Lost {
    for (int i = 0; i < 60; i++) {
      STORE.create(model("filtered-%02d".formatted(i), "filters", Map.of("n", "" + i)));
    }
    List<String> found = new ArrayList<>();
    @Nullable String position = null;
    int pages = 0;
    do {
      Page<Stored<Model>> page = STORE.entities.list(new Listing<>(Model.class,
          new Listing.ByTerm(new Scope.Departments(Set.of("filters")), "all", "", false),
          model -> model.name().endsWith("9"), 10, position));
      page.items().forEach(model -> found.add(model.entity().name()));
      position = page.position();
      pages++;
    } while (position != null);
    assertThat(found).containsExactly("filtered-09", "filtered-19", "filtered-29", "filtered-39", "filtered-49",
        "filtered-59");
    assertThat(pages).isEqualTo(3);
  }

  @Test
  void aChangedTermMovesTheEntityInItsLists() throws Lost {
    Stored<Model> before = STORE.create(model("moves", "moving", Map.of("color", "red")));
    STORE.commit(Change.replace("model.changed", before, model("moves", "moving", Map.of("color", "blue"))));
    Scope scope = new Scope.Departments(Set.of("moving"));
    assertThat(STORE.names(new Listing.ByTerm(scope, "tag", "color:red", false), 5)).isEmpty();
    assertThat(STORE.names(new Listing.ByTerm(scope, "tag", "color:blue", false), 5)).containsExactly("moves");
    assertThat(STORE.names(new Listing.ByTerm(Scope.ALL, "tag", "color:red", false), 5)).isEmpty();
  }

  @Test
  void aSearchFindsTheBeginningOfAnyWordAndShowsEachOnce() throws Lost {
    STORE.create(model("card-Zfraud-zfrauds-eu", "search", Map.of()));
    STORE.create(model("zfraud-plain", "search", Map.of()));
    STORE.create(model("zfra", "search", Map.of()));
    STORE.create(model("zfraud-elsewhere", "search-other", Map.of()));
    Scope scope = new Scope.Departments(Set.of("search"));
    assertThat(STORE.names(new Listing.ByPrefix(scope, "ZFraud"), 1))
        .containsExactlyInAnyOrder("card-Zfraud-zfrauds-eu", "zfraud-plain");
    assertThat(STORE.names(new Listing.ByPrefix(Scope.ALL, "zfra"), 2)).hasSize(4);
    assertThat(STORE.names(new Listing.ByPrefix(scope, "fraud"), 2)).isEmpty();
  }

  @Test
  void versionsAreListedNewestFirstByModelAndByCommit() throws Lost {
    for (int i = 1; i <= 12; i++) {
      STORE.commit(
          Change.create("version.created", version("listed", i, i % 2 == 0 ? "even" : "odd", Version.State.READY)));
    }
    assertThat(STORE.all(Version.class, new Listing.Children(Ref.model("Listed"), true), 5))
        .extracting(Version::version)
        .containsExactly(12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1);
    assertThat(STORE.all(Version.class, new Listing.ByCommit("listed", "even"), 4)).extracting(Version::version)
        .containsExactly(12, 10, 8, 6, 4, 2);
    assertThat(STORE.entities.get(Version.class, Ref.version("listed", 3))).isPresent();
    assertThat(STORE.entities.get(Version.class, Ref.parse("version:listed:03"))).isEmpty();
    assertThat(STORE.entities.get(Version.class, Ref.parse("version:listed"))).isEmpty();
  }

  @Test
  void whatIsDueIsFoundUntilItIsDone() throws Lost {
    Stored<Version> pending = null;
    for (int i = 1; i <= 9; i++) {
      Version version = version("due", i, "c", Version.State.PENDING);
      Stored<Version> stored = STORE.commit(Change.create("version.created", version)).of(version);
      pending = i == 4 ? stored : pending;
    }
    STORE.commit(Change.replace("version.expired", Objects.requireNonNull(pending),
        version("due", 4, "c", Version.State.EXPIRED)));
    assertThat(STORE.all(Version.class, new Listing.Due(NOW.plusSeconds(6)), 3))
        .filteredOn(v -> v.model().equals("due"))
        .extracting(Version::version).containsExactlyInAnyOrder(1, 2, 3, 5);
  }
}
