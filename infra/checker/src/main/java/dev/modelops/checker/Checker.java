package dev.modelops.checker;

import dev.modelops.domain.registry.ArtifactStore;
import dev.modelops.embedded.LocalAws;
import dev.modelops.embedded.TestAws;
import dev.modelops.store.dynamodb.Layout.Table;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Checks a whole store against the rules ({@link Rule}). Reads only, a page at a time, in bounded memory; while others
 * write, too: what looks wrong is looked at again, strongly consistent, before it is said to be wrong.
 */
public final class Checker {

  /** Items looked at side by side: each waits for a few reads. */
  private static final int AT_ONCE = 8;
  /** How long a change between two reads, or an index that lags, is given before a suspicion is a finding. */
  private static final long[] PATIENCE_MILLIS = {0, 100, 1000};
  /** An emulator's indexes do not lag. */
  private static final long[] LOCAL_PATIENCE_MILLIS = {0, 5, 25};

  private final Reading reading;
  private final RegistryRules registry;
  private final Examiner examiner;
  private final View quick;
  private final long[] patience;

  /**
   * @param names of the tables
   * @param files null when files are not to be looked at
   */
  public Checker(DynamoDbClient client, Map<Table, String> names, @Nullable ArtifactStore files) {
    this(new Reading(client, names, null), files, PATIENCE_MILLIS);
  }

  private Checker(Reading reading, @Nullable ArtifactStore files, long[] patience) {
    this.patience = patience;
    this.reading = reading;
    this.registry = new RegistryRules(files);
    this.examiner = new Examiner(registry);
    this.quick = View.quick(reading);
  }

  /** Of the tables on this machine, without files. */
  public static Checker of(LocalAws aws) {
    return of(aws, null, null);
  }

  static Checker of(LocalAws aws, @Nullable ArtifactStore files, @Nullable Integer most) {
    return new Checker(new Reading(aws.dynamo(), names(aws), most), files, LOCAL_PATIENCE_MILLIS);
  }

  /** Of a test's tables. */
  public static Checker of(TestAws aws) {
    return of(aws.aws());
  }

  /**
   * What a test ends with: whatever it has done, nothing in its tables contradicts itself.
   *
   * @throws AssertionError that says all that does
   */
  public static void assertSound(TestAws aws) {
    List<Finding> findings = of(aws).findings();
    if (!findings.isEmpty()) {
      throw new AssertionError(findings.stream().map(Finding::toString)
          .collect(Collectors.joining("\n", "the store contradicts itself:\n", "")));
    }
  }

  private static Map<Table, String> names(LocalAws aws) {
    return Map.of(Table.RECORDS, aws.physicalName("RecordsTable"), Table.TERMS, aws.physicalName("TermsTable"),
        Table.METRICS, aws.physicalName("MetricsTable"), Table.ROLLUPS, aws.physicalName("RollupsTable"));
  }

  /** All that is wrong, in no certain order. For stores that are as small as a test's. */
  public List<Finding> findings() {
    List<Finding> findings = Collections.synchronizedList(new ArrayList<>());
    run(Part.WHOLE, findings::add);
    return List.copyOf(findings);
  }

  /**
   * Checks a part of every table.
   *
   * @param each is told every finding as it is made, by several threads
   */
  public Summary run(Part part, Consumer<Finding> each) {
    AtomicLong items = new AtomicLong();
    AtomicLong findings = new AtomicLong();
    try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
      for (Table table : Table.values()) {
        reading.scan(table, part, page -> {
          items.addAndGet(page.size());
          page.forEach(item -> quick.remember(table, item));
          await(page.stream().<Future<?>>map(item -> threads.submit(() -> certain(table, item).forEach(finding -> {
            findings.incrementAndGet();
            each.accept(finding);
          }))).toList());
        });
      }
    }
    return new Summary(items.get(), reading.units(), registry.asked(), findings.get());
  }

  private static void await(List<Future<?>> page) {
    try {
      for (Future<?> each : page) {
        each.get();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while checking", e);
    }
  }

  /** What is wrong with an item even when all is read again. */
  private List<Finding> certain(Table table, Map<String, AttributeValue> item) {
    List<Finding> suspicions = examiner.examine(table, item, quick);
    for (int i = 0; i < patience.length && !suspicions.isEmpty(); i++) {
      pause(patience[i]);
      Map<String, AttributeValue> now = reading.item(table, Reading.key(item), true);
      // Gone meanwhile: a term of before, or what has expired.
      suspicions = now.isEmpty() ? List.of() : examiner.examine(table, now, View.fresh(reading));
    }
    return suspicions;
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
