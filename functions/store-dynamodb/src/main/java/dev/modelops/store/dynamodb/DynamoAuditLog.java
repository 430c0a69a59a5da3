package dev.modelops.store.dynamodb;

import dev.modelops.json.Times;
import dev.modelops.domain.Entity;
import dev.modelops.domain.Listing;
import dev.modelops.domain.Page;
import dev.modelops.domain.Ref;
import dev.modelops.domain.access.Department;
import dev.modelops.domain.access.Scope;
import dev.modelops.domain.audit.AccessEntry;
import dev.modelops.domain.audit.AuditEntry;
import dev.modelops.domain.audit.AuditLog;
import dev.modelops.store.dynamodb.Merge.Range;
import dev.modelops.store.dynamodb.Merge.Stretch;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Reads the audit trail: by entity from its own partition, otherwise from the indexes by actor, request and day. */
final class DynamoAuditLog implements AuditLog {

  /** Days looked at for one page: an empty day costs a few reads, and a page has a budget. */
  private static final int MOST_DAYS = 5;

  private final Dynamo dynamo;
  private final Tables tables;
  private final DynamoEntities entities;

  DynamoAuditLog(Dynamo dynamo, Tables tables, DynamoEntities entities) {
    this.dynamo = dynamo;
    this.tables = tables;
    this.entities = entities;
  }

  @Override
  public Page<AuditEntry> chain(Ref entity, long fromRev, int limit) {
    Merge merge =
        partition(Ledger.partition(entity.toString()), new Range(Ledger.rev(fromRev), null), false, limit, null);
    List<AuditEntry> entries = new ArrayList<>();
    while (entries.size() < limit && merge.hasNext()) {
      entries.add(Ledger.entry(merge.next().orElseThrow()));
    }
    return new Page<>(entries, merge.hasNext() ? Long.toString(entries.getLast().rev() + 1) : null);
  }

  @Override
  public Page<Line> ofEntity(Ref entity, int limit, @Nullable String position) {
    // Two partitions with keys of different sorts, so the position holds one of each.
    String[] from = position == null ? new String[] {"", ""} : position.split("\\|", 2);
    Merge changes = partition(Ledger.partition(entity.toString()), Range.EVERYTHING, true, limit, emptyAsNull(from[0]));
    Merge reads = partition(Ledger.accesses(entity.toString()), Range.EVERYTHING, true, limit, emptyAsNull(from[1]));
    List<Line> lines = new ArrayList<>();
    Optional<Map<String, AttributeValue>> change = changes.next();
    Optional<Map<String, AttributeValue>> read = reads.next();
    while (lines.size() < limit && (change.isPresent() || read.isPresent())) {
      Optional<Line> changed = change.map(DynamoAuditLog::line);
      Optional<Line> accessed = read.map(DynamoAuditLog::line);
      if (changed.isPresent() && (accessed.isEmpty() || !changed.get().at().isBefore(accessed.get().at()))) {
        lines.add(changed.get());
        from[0] = Items.text(change.orElseThrow(), Items.SK);
        change = changes.next();
      } else {
        lines.add(accessed.orElseThrow());
        from[1] = Items.text(read.orElseThrow(), Items.SK);
        read = reads.next();
      }
    }
    return new Page<>(lines, change.isPresent() || read.isPresent() ? from[0] + "|" + from[1] : null);
  }

  @Override
  public Page<Line> ofActor(Scope scope, String actor, @Nullable Instant since, @Nullable Instant until, int limit,
      @Nullable String position) {
    Range range = new Range(since == null ? null : Times.text(since), until == null ? null : Times.text(until));
    List<String> partitions = departments(scope).stream()
        .flatMap(department -> Ledger.shards(shard -> Ledger.actor(department, actor, shard)).stream()).toList();
    return page(index(EntityItems.INDEX, partitions, range, true, limit / Ledger.SHARDS + 4, position), "g1sk", limit);
  }

  @Override
  public Page<Line> ofRequest(Scope scope, String requestId, int limit, @Nullable String position) {
    Stream<Range> ranges = switch (scope) {
      case Scope.All all -> Stream.of(Range.EVERYTHING);
      case Scope.Departments departments -> departments.names().stream()
          .map(department -> Range.prefix(Ledger.ofRequest(department)));
    };
    List<Stretch> stretches = ranges.map(range -> new Stretch(Ledger.request(requestId), range)).toList();
    return page(index(EntityItems.REQUEST_INDEX, stretches, false, limit, position), "g3sk", limit);
  }

  @Override
  public Span overTime(Scope scope, Instant since, Instant until, int limit, @Nullable String position) {
    // A position is a sort key, a bare day when the page before ended with one, or an instant; all begin with the day.
    String low = Times.text(since);
    String high = Times.text(until);
    String after = position == null ? low : position;
    LocalDate day = LocalDate.parse(after.substring(0, 10));
    LocalDate last = until.atZone(ZoneOffset.UTC).toLocalDate();
    List<String> departments = departments(scope);
    List<Line> lines = new ArrayList<>();
    for (int days = 0; days < MOST_DAYS && !day.isAfter(last); days++) {
      String text = day.toString();
      List<String> partitions = departments.stream()
          .flatMap(department -> Ledger.shards(shard -> Ledger.day(department, text, shard)).stream()).toList();
      Merge merge = index(EntityItems.DUE_INDEX, partitions, new Range(low, high), false,
          (limit - lines.size()) / Ledger.SHARDS + 4, after);
      while (lines.size() < limit && merge.hasNext()) {
        Map<String, AttributeValue> item = merge.next().orElseThrow();
        lines.add(line(item));
        after = Items.text(item, "g2sk");
      }
      if (merge.hasNext()) {
        return new Span(lines, after, false);
      }
      day = day.plusDays(1);
      after = day.toString();
    }
    return day.isAfter(last) ? new Span(lines, high, true) : new Span(lines, after, false);
  }

  @Override
  public void record(AccessEntry entry) {
    Writes.put(dynamo, p -> p.tableName(tables.records()).item(Ledger.item(entry)));
  }

  /** What a scope stands for: its departments, or all there are and the organisation itself. */
  private List<String> departments(Scope scope) {
    return switch (scope) {
      case Scope.Departments departments -> departments.names().stream().sorted().toList();
      case Scope.All all -> {
        List<String> names = new ArrayList<>(List.of(Entity.ORGANISATION));
        @Nullable String position = null;
        do {
          Page<Department> page = entities
              .list(new Listing<>(Department.class, new Listing.Organisation(), department -> true, 100, position))
              .map(stored -> stored.entity());
          page.items().forEach(department -> names.add(department.name()));
          position = page.position();
        } while (position != null);
        yield names;
      }
    };
  }

  private Merge partition(String partition, Range range, boolean descending, int limit, @Nullable String position) {
    return new Merge(dynamo, tables.records(), null, Items.PK, Items.SK, List.of(partition), range, descending, true,
        limit + 1, position);
  }

  private Merge index(String index, List<String> partitions, Range range, boolean descending, int limit,
      @Nullable String position) {
    return index(index, partitions.stream().map(partition -> new Stretch(partition, range)).toList(), descending,
        limit, position);
  }

  private Merge index(String index, List<Stretch> stretches, boolean descending, int limit,
      @Nullable String position) {
    return new Merge(dynamo, tables.records(), EntityItems.name(index), index + "pk", index + "sk", stretches,
        descending, false, limit + 1, position);
  }

  private static Page<Line> page(Merge merge, String sk, int limit) {
    List<Line> lines = new ArrayList<>();
    @Nullable String last = null;
    while (lines.size() < limit && merge.hasNext()) {
      Map<String, AttributeValue> item = merge.next().orElseThrow();
      last = Items.text(item, sk);
      lines.add(line(item));
    }
    return new Page<>(lines, merge.hasNext() ? last : null);
  }

  private static Line line(Map<String, AttributeValue> item) {
    return Items.text(item, Items.PK).startsWith(Ledger.ACCESS)
        ? new Line(null, Ledger.access(item))
        : new Line(Ledger.entry(item), null);
  }

  private static @Nullable String emptyAsNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
