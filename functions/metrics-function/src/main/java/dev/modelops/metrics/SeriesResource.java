package dev.modelops.metrics;

import dev.modelops.json.Times;
import dev.modelops.domain.Page;
import dev.modelops.domain.access.Permission;
import dev.modelops.domain.metrics.RollupKey.Listed;
import dev.modelops.domain.metrics.Rollups;
import dev.modelops.domain.metrics.Rollups.Cell;
import dev.modelops.domain.metrics.SeriesKey;
import dev.modelops.domain.metrics.Step;
import dev.modelops.domain.metrics.Summary;
import dev.modelops.domain.problem.Problem;
import dev.modelops.domain.problem.Refused;
import dev.modelops.domain.problem.Violation;
import dev.modelops.domain.registry.Heads;
import dev.modelops.edge.Outcome;
import dev.modelops.edge.Reply;
import dev.modelops.edge.Request;
import dev.modelops.json.Digests;
import dev.modelops.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/** Answers polls from roll-ups. */
final class SeriesResource {

  /** Buckets of one answer over all its series: about two megabytes of JSON. */
  static final int MOST_BUCKETS = 10_000;

  private static final int MOST_SERIES = 20;

  private final Heads heads;
  private final Existing existing;
  private final Rollups rollups;
  private final SeriesReader reader;

  SeriesResource(Heads heads, Existing existing, Rollups rollups, SeriesReader reader) {
    this.heads = heads;
    this.existing = existing;
    this.rollups = rollups;
    this.reader = reader;
  }

  /** What a poll is answered. */
  record Answer(String model, String environment, String step, Instant from, Instant to, List<Series> items) {}

  /** One series of it. */
  record Series(String metric, int version, Map<String, String> labels, String selector, List<Bucket> buckets) {}

  /** One bucket with points. */
  record Bucket(Instant start, long count, double min, double max, double mean, double p50, double p95, double p99,
      boolean open) {
    static Bucket of(Step step, SeriesReader.Bucket bucket) {
      Summary numbers = bucket.summary();
      return new Bucket(SeriesResource.start(step, bucket.bucket()), numbers.count(), numbers.min(),
          numbers.max(), numbers.mean(), numbers.p50(), numbers.p95(), numbers.p99(), bucket.open());
    }
  }

  /** A series that exists. */
  record Line(String metric, int version, Map<String, String> labels, String selector) {
    static Line of(SeriesKey series) {
      return new Line(series.metric().value(), series.version(), series.labels().values(), Selector.of(series));
    }
  }

  Outcome query(Request request) {
    Heads.Head head = readable(request);
    String environment = request.query("environment").orElseThrow();
    Step step = request.query("step").flatMap(Step::of).orElse(Step.MINUTE);
    List<SeriesKey> asked = selectors(request.queryAll("series"));
    Span span = span(request, step, asked.size());
    List<Series> found = read(head.model(), environment, step, asked, span);
    exist(head.model(), environment, found);
    return answer(head.model(), environment, step, span, found);
  }

  /** Looks up what a series without points is of: it may be a wrong name. Where there are points there is no doubt. */
  private void exist(String model, String environment, List<Series> found) {
    List<Violation> missing = new ArrayList<>();
    if (found.stream().allMatch(series -> series.buckets().isEmpty())) {
      existing.environment("query:environment", environment).ifPresent(missing::add);
    }
    Set<Integer> versions = new HashSet<>();
    for (int i = 0; i < found.size(); i++) {
      Series series = found.get(i);
      if (series.buckets().isEmpty() && versions.add(series.version())) {
        existing.version("query:series/" + i, model, series.version()).ifPresent(missing::add);
      }
    }
    if (!missing.isEmpty()) {
      throw Refused.invalid(Problem.UNPROCESSABLE, missing);
    }
  }

  /** The buckets that are looked at, both included. */
  private record Span(long first, long last) {}

  private static Span span(Request request, Step step, int series) {
    Optional<Instant> until = request.queryTime("to");
    Instant to = until.orElseGet(() -> start(step, step.bucket(request.now().toEpochMilli()) + 1));
    // Exclusive, also where it is finer than a millisecond.
    long last = step.bucket(to.minusNanos(1).toEpochMilli());
    Instant from = request.queryTime("from").orElseGet(() -> since1970(start(step, last + 1).minus(preset(step))));
    if (!from.isBefore(to)) {
      throw until.isPresent()
          ? Refused.unprocessable("query:to", "range", "`to` must be later than `from`, and than 1970", "after " + from)
          : Refused.unprocessable("query:from", "range", "`from` must be earlier than the end of the present bucket",
              "before " + to);
    }
    if (start(step, last + 1).isAfter(Times.LATEST)) {
      throw Refused.unprocessable("query:to", "range", "the last bucket would end after the year 9999",
          "at most " + start(step, last));
    }
    long first = step.bucket(from.toEpochMilli());
    long buckets = last - first + 1;
    if (buckets * series > MOST_BUCKETS) {
      throw Refused.unprocessable("query:from", "too-many-buckets", buckets + " buckets of " + series
          + " series are more than one answer holds: ask for a shorter time, a longer step or fewer series",
          "at most " + MOST_BUCKETS + " buckets over all series");
    }
    return new Span(first, last);
  }

  private static Instant start(Step step, long bucket) {
    return Instant.ofEpochMilli(step.start(bucket));
  }

  /** Nothing lies before 1970. */
  private static Instant since1970(Instant time) {
    return time.isBefore(Instant.EPOCH) ? Instant.EPOCH : time;
  }

  private List<Series> read(String model, String environment, Step step, List<SeriesKey> asked, Span span) {
    Map<Integer, Series> found = new ConcurrentHashMap<>();
    Repeat.forEach(IntStream.range(0, asked.size()).boxed().toList(), i -> {
      SeriesKey series = asked.get(i);
      List<Bucket> buckets =
          reader.read(model, environment, series.id(model, environment), step, span.first(), span.last())
              .stream().map(bucket -> Bucket.of(step, bucket)).toList();
      found.put(i, new Series(series.metric().value(), series.version(), series.labels().values(), Selector.of(series),
          buckets));
    });
    return IntStream.range(0, asked.size()).mapToObj(found::get).map(Objects::requireNonNull).toList();
  }

  private static Outcome answer(String model, String environment, Step step, Span span, List<Series> found) {
    byte[] json = Json.write(new Answer(model, environment, step.wire(), start(step, span.first()),
        start(step, span.last() + 1), found));
    return Reply.raw("application/json", json).etag(Digests.sha256(json).substring(0, 32))
        .header("Cache-Control", "private, no-cache");
  }

  /** Before a snapshot: a poll of the last hour. */
  void prime(Instant now) {
    List<SeriesKey> asked = selectors(List.of("priming@1;host=a"));
    for (Step step : Step.values()) {
      long to = step.bucket(now.toEpochMilli());
      Span span = new Span(to - 59, to);
      answer(Priming.NOBODY, Priming.ENVIRONMENT, step, span,
          read(Priming.NOBODY, Priming.ENVIRONMENT, step, asked, span));
    }
  }

  private Heads.Head readable(Request request) {
    Heads.Head head = heads.get(request.path("model")).orElseThrow(Request::absent);
    request.require(Permission.READ, head.department(), head.model());
    return head;
  }

  private static List<SeriesKey> selectors(List<String> texts) {
    List<SeriesKey> series = new ArrayList<>();
    List<Violation> wrong = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      String at = "query:series/" + i;
      Selector.parse(texts.get(i)).ifPresentOrElse(series::add, () -> wrong.add(new Violation(at, "format",
          "this does not name a series", "metric@version;label=value;… with ; and % in values percent-encoded")));
    }
    if (texts.size() > MOST_SERIES) {
      wrong.add(new Violation("query:series", "count", "ask for fewer series at once", "at most " + MOST_SERIES));
    }
    if (!wrong.isEmpty()) {
      throw Refused.invalid(Problem.INVALID_REQUEST, wrong);
    }
    return series;
  }

  private static Duration preset(Step step) {
    return switch (step) {
      case MINUTE -> Duration.ofHours(1);
      case HOUR -> Duration.ofDays(1);
      case DAY -> Duration.ofDays(30);
    };
  }

  Outcome list(Request request) {
    Heads.Head head = readable(request);
    String environment = request.query("environment").orElseThrow();
    int limit = request.limit();
    String position = request.position(head.model(), environment);
    List<Cell> cells = rollups.listed(head.model(), environment, position, limit + 1);
    if (cells.isEmpty()) {
      exist(head.model(), environment, List.of());
    }
    List<Cell> shown = cells.subList(0, Math.min(limit, cells.size()));
    String next = cells.size() > limit ? ((Listed) shown.getLast().key()).series() : null;
    return request.page(new Page<>(shown.stream().map(Placements::listed).map(Line::of).toList(), next), head.model(),
        environment);
  }
}
