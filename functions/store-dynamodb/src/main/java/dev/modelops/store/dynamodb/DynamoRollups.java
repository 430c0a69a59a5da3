package dev.modelops.store.dynamodb;

import dev.modelops.domain.Ref;
import dev.modelops.domain.metrics.RollupKey;
import dev.modelops.domain.metrics.RollupKey.Active;
import dev.modelops.domain.metrics.RollupKey.DaySketch;
import dev.modelops.domain.metrics.RollupKey.Listed;
import dev.modelops.domain.metrics.RollupKey.Open;
import dev.modelops.domain.metrics.RollupKey.Pack;
import dev.modelops.domain.metrics.RollupKey.Placement;
import dev.modelops.domain.metrics.RollupKey.QuarterSketch;
import dev.modelops.domain.metrics.RollupKey.Watermark;
import dev.modelops.domain.metrics.Rollups;
import dev.modelops.domain.metrics.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/**
 * Cells of roll-ups. All that a poll of one series reads but the open page lies in the series' own partition: packs by
 * step and run, and after the last pack of minutes its placement, so that one query brings both.
 */
final class DynamoRollups implements Rollups {

  private static final int BATCH = 100;
  private static final String PLACEMENT = "m~";

  private final Dynamo dynamo;
  private final Tables tables;
  private final Cells cells;

  DynamoRollups(Dynamo dynamo, Tables tables) {
    this.dynamo = dynamo;
    this.tables = tables;
    this.cells = new Cells(dynamo, tables::rollups);
  }

  record Place(String pk, String sk) {
    Map<String, AttributeValue> key() {
      return Items.key(pk, sk);
    }
  }

  static Place place(RollupKey key) {
    return switch (key) {
      case Watermark watermark -> new Place("w#" + share(watermark),
          Ref.fold(watermark.model()) + "#" + watermark.environment());
      case Open open -> new Place(of("o#", open.model(), open.environment()), open(open.page(), open.minute()));
      case Pack pack -> new Place("s#" + pack.series(), letter(pack.step()) + number(pack.run()));
      case Placement placement -> new Place("s#" + placement.series(), PLACEMENT);
      case QuarterSketch sketch -> new Place("s#" + sketch.series(), "q" + number(sketch.quarter()));
      case DaySketch sketch -> new Place("s#" + sketch.series(), "r" + number(sketch.day()));
      case Active active -> new Place(of("a#", active.model(), active.environment()), number(active.hour()));
      case Listed listed -> new Place(of("l#", listed.model(), listed.environment()), listed.series());
    };
  }

  /** What the cell under such a key is; empty when no cell has such a key. */
  static Optional<RollupKey> key(String pk, String sk) {
    String[] parts = pk.split("#", 3);
    boolean two = parts.length == 3;
    try {
      return Optional.ofNullable(switch (parts[0]) {
        case "w" -> new Watermark(sk.substring(0, sk.indexOf('#')), sk.substring(sk.indexOf('#') + 1));
        case "o" -> two ? openKey(parts[1], parts[2], sk) : null;
        case "a" -> two ? new Active(parts[1], parts[2], Long.parseLong(sk)) : null;
        case "l" -> two ? new Listed(parts[1], parts[2], sk) : null;
        case "s" -> sk.equals(PLACEMENT) ? new Placement(parts[1]) : ofSeries(parts[1], sk);
        default -> null;
      });
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  private static @Nullable RollupKey ofSeries(String series, String sk) {
    long number = Long.parseLong(sk.substring(1));
    return switch (sk.charAt(0)) {
      case 'm' -> new Pack(series, Step.MINUTE, number);
      case 'h' -> new Pack(series, Step.HOUR, number);
      case 'd' -> new Pack(series, Step.DAY, number);
      case 'q' -> new QuarterSketch(series, number);
      case 'r' -> new DaySketch(series, number);
      default -> null;
    };
  }

  private static String of(String prefix, String model, String environment) {
    return prefix + Ref.fold(model) + "#" + environment;
  }

  private static int share(Watermark watermark) {
    return Math.floorMod((Ref.fold(watermark.model()) + "#" + watermark.environment()).hashCode(), SHARES);
  }

  private static String letter(Step step) {
    return switch (step) {
      case MINUTE -> "m";
      case HOUR -> "h";
      case DAY -> "d";
    };
  }

  private static String number(long number) {
    return Items.padded(number, 10);
  }

  private static String open(int page, long minute) {
    return Items.padded(page, 5) + "#" + number(minute);
  }

  @Override
  public Optional<Cell> get(RollupKey key) {
    Map<String, AttributeValue> item = Reads.item(dynamo, tables.rollups(), place(key).key());
    return item.isEmpty() ? Optional.empty() : Optional.of(cell(key, item));
  }

  @Override
  public Map<RollupKey, Cell> getAll(Collection<? extends RollupKey> keys) {
    Map<Place, RollupKey> byPlace = new HashMap<>();
    keys.forEach(key -> byPlace.put(place(key), key));
    List<Place> places = List.copyOf(byPlace.keySet());
    Map<RollupKey, Cell> found = new HashMap<>();
    for (int from = 0; from < places.size(); from += BATCH) {
      List<Map<String, AttributeValue>> batch =
          places.subList(from, Math.min(places.size(), from + BATCH)).stream().map(Place::key).toList();
      for (Map<String, AttributeValue> item : Reads.items(dynamo, tables.rollups(), batch, true)) {
        RollupKey key = byPlace.get(new Place(Items.text(item, Items.PK), Items.text(item, Items.SK)));
        if (key != null) {
          found.put(key, cell(key, item));
        }
      }
    }
    return found;
  }

  @Override
  public boolean put(RollupKey key, long rev, byte[] data, @Nullable Instant expires) {
    Place place = place(key);
    return cells.put(place.pk(), place.sk(), rev, data, expires);
  }

  @Override
  public boolean remove(RollupKey key, long rev) {
    Place place = place(key);
    return cells.remove(place.pk(), place.sk(), rev);
  }

  @Override
  public List<Cell> open(String model, String environment, long toMinute) {
    return range(of("o#", model, environment), "0", "~", true, Integer.MAX_VALUE, sk -> openKey(model, environment, sk))
        .stream().filter(cell -> ((Open) cell.key()).minute() <= toMinute).toList();
  }

  @Override
  public List<Cell> open(String model, String environment, int page, long fromMinute, long toMinute) {
    return range(of("o#", model, environment), open(page, fromMinute), open(page, toMinute), false, Integer.MAX_VALUE,
        sk -> openKey(model, environment, sk));
  }

  private static RollupKey openKey(String model, String environment, String sk) {
    int mark = sk.indexOf('#');
    return new Open(model, environment, Integer.parseInt(sk.substring(0, mark)),
        Long.parseLong(sk.substring(mark + 1)));
  }

  @Override
  public List<Cell> packs(String series, Step step, long from, long to, boolean withPlacement) {
    // With the placement all later packs of minutes are read too: at most those of the last hour.
    String last = withPlacement ? PLACEMENT : letter(step) + number(to);
    return range("s#" + series, letter(step) + number(from), last, false, Integer.MAX_VALUE,
        sk -> sk.equals(PLACEMENT) ? new Placement(series) : new Pack(series, step, Long.parseLong(sk.substring(1))));
  }

  @Override
  public List<Cell> quarters(String series, long from, long to) {
    return range("s#" + series, "q" + number(from), "q" + number(to), true, Integer.MAX_VALUE,
        sk -> new QuarterSketch(series, Long.parseLong(sk.substring(1))));
  }

  @Override
  public List<Cell> watermarks(int share) {
    return range("w#" + share, "0", "~", true, Integer.MAX_VALUE, sk -> {
      String[] place = sk.split("#", 2);
      return new Watermark(place[0], place[1]);
    });
  }

  @Override
  public List<Cell> listed(String model, String environment, @Nullable String after, int limit) {
    // Ids are base64url: the next text after an id is that id and any character.
    return range(of("l#", model, environment), after == null ? " " : after + " ", "~", false, limit,
        sk -> new Listed(model, environment, sk));
  }

  private List<Cell> range(String pk, String from, String to, boolean consistent, int limit,
      Function<String, RollupKey> key) {
    List<Cell> found = new ArrayList<>();
    @Nullable Map<String, AttributeValue> start = null;
    do {
      QueryRequest.Builder query = QueryRequest.builder().tableName(tables.rollups()).consistentRead(consistent)
          .keyConditionExpression("pk = :pk AND sk BETWEEN :from AND :to")
          .expressionAttributeValues(Map.of(":pk", Items.s(pk), ":from", Items.s(from), ":to", Items.s(to)));
      if (limit < Integer.MAX_VALUE) {
        query.limit(limit - found.size());
      }
      if (start != null) {
        query.exclusiveStartKey(start);
      }
      QueryResponse page = Reads.query(dynamo, query.build());
      page.items().forEach(item -> found.add(cell(key.apply(Items.text(item, Items.SK)), item)));
      start = page.hasLastEvaluatedKey() ? page.lastEvaluatedKey() : null;
    } while (start != null && found.size() < limit);
    return found;
  }

  private static Cell cell(RollupKey key, Map<String, AttributeValue> item) {
    return new Cell(key, Items.number(item, Items.REV), Items.bytes(item, Cells.DATA));
  }
}
