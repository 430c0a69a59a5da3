package dev.modelops.metrics;

import dev.modelops.domain.metrics.SeriesCatalog;
import dev.modelops.domain.metrics.SeriesKey;
import dev.modelops.domain.problem.Refused;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;

/**
 * The places of series, and the limit on how many there are. What has been seen is kept: places never change, so that a
 * batch of known series reads nothing.
 */
final class Catalog {

  private static final int MOST_MONTHS_REMEMBERED = 200;

  private final SeriesCatalog store;
  private final int limit;
  private final Map<String, Known> known = new ConcurrentHashMap<>();

  Catalog(SeriesCatalog store, int limit) {
    this.store = store;
    this.limit = limit;
  }

  /** What is known of one month: never changed, only replaced. The last page is kept with its revision, to append to. */
  private record Known(Map<SeriesKey, Integer> places, List<SeriesKey> inOrder, int lastPage, long lastRev) {
    static final Known NOTHING = new Known(Map.of(), List.of(), 0, 0);
  }

  /**
   * The places of these series in the month; those that are new get theirs.
   *
   * @param index where each series stands in the request, for the pointer of a refusal
   * @throws Refused 422 naming the label with the most values, when there would be too many series
   */
  Map<SeriesKey, Integer> places(String model, String environment, YearMonth month, Collection<SeriesKey> series,
      ToIntFunction<SeriesKey> index) {
    if (known.size() > MOST_MONTHS_REMEMBERED) {
      known.clear();
    }
    String key = model + '\n' + environment + '\n' + month;
    List<Known> current = new ArrayList<>(List.of(known.getOrDefault(key, Known.NOTHING)));
    if (!current.getFirst().places().keySet().containsAll(series)) {
      Repeat.until("series of " + model, () -> {
        Known read = refreshed(current.getFirst(), model, environment, month);
        List<SeriesKey> added = series.stream().filter(one -> !read.places().containsKey(one)).toList();
        current.set(0, read);
        if (added.isEmpty()) {
          return true;
        }
        if (read.inOrder().size() + added.size() > limit) {
          throw tooMany(model, environment, read.inOrder(), added, index);
        }
        return append(read, model, environment, month, added);
      });
      if (!current.getFirst().places().keySet().containsAll(series)) {
        current.set(0, refreshed(current.getFirst(), model, environment, month));
      }
      known.put(key, current.getFirst());
    }
    Map<SeriesKey, Integer> places = new HashMap<>();
    for (SeriesKey one : series) {
      places.put(one, current.getFirst().places().getOrDefault(one, 0));
    }
    return places;
  }

  private Known refreshed(Known before, String model, String environment, YearMonth month) {
    List<SeriesKey> inOrder = new ArrayList<>(
        before.inOrder().subList(0, Math.min(before.inOrder().size(), before.lastPage() * SeriesCatalog.PAGE)));
    int lastPage = before.lastPage();
    long lastRev = 0;
    for (SeriesCatalog.Page page : store.pages(model, environment, month, before.lastPage())) {
      inOrder.addAll(decode(page));
      lastPage = page.number();
      lastRev = page.rev();
    }
    Map<SeriesKey, Integer> places = new HashMap<>();
    inOrder.forEach(series -> places.putIfAbsent(series, places.size()));
    return new Known(places, List.copyOf(inOrder), lastPage, lastRev);
  }

  private boolean append(Known read, String model, String environment, YearMonth month, List<SeriesKey> added) {
    List<SeriesKey> all = new ArrayList<>(read.inOrder());
    all.addAll(added);
    long rev = read.lastRev();
    for (int page = read.lastPage(); page * SeriesCatalog.PAGE < all.size(); page++) {
      List<SeriesKey> ofPage = all.subList(page * SeriesCatalog.PAGE,
          Math.min(all.size(), (page + 1) * SeriesCatalog.PAGE));
      boolean full = page == read.lastPage() && read.inOrder().size() == (page + 1) * SeriesCatalog.PAGE;
      if (!full && !store.write(model, environment, month, new SeriesCatalog.Page(page, rev, encode(ofPage)))) {
        return false;
      }
      rev = 0;
    }
    return true;
  }

  private static byte[] encode(List<SeriesKey> series) {
    return Envelope.seal('C', 1, new ByteSink().section(SeriesWords.write(series)).toBytes());
  }

  private static List<SeriesKey> decode(SeriesCatalog.Page page) {
    return SeriesWords.read(new ByteSource(Envelope.open('C', 1, page.data())).section());
  }

  private Refused tooMany(String model, String environment, List<SeriesKey> present, List<SeriesKey> added,
      ToIntFunction<SeriesKey> index) {
    SeriesKey first = added.getFirst();
    Map<String, Set<String>> values = new TreeMap<>();
    List<SeriesKey> all = new ArrayList<>(present);
    all.addAll(added);
    for (SeriesKey one : all) {
      if (one.metric().equals(first.metric())) {
        one.labels().values()
            .forEach((name, value) -> values.computeIfAbsent(name, none -> new HashSet<>()).add(value));
      }
    }
    Map<String, Integer> counts = new LinkedHashMap<>();
    values.forEach((name, found) -> counts.put(name, found.size()));
    String at = "/series/" + index.applyAsInt(first);
    String state = model + " has " + present.size() + " series in " + environment + " this month and may have " + limit;
    return counts.entrySet().stream().max(Map.Entry.comparingByValue())
        .map(most -> Refused.unprocessable(at + "/labels/" + most.getKey(), "too-many-series",
            state + ": the label `" + most.getKey() + "` has " + most.getValue() + " values in `"
                + first.metric().value() + "`. Leave it out, or give it fewer values.",
            "at most " + limit + " series"))
        .orElseGet(() -> Refused.unprocessable(at + "/metric", "too-many-series",
            state + ". Post fewer metrics, or fewer versions.", "at most " + limit + " series"));
  }
}
