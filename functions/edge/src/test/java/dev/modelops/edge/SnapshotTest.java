package dev.modelops.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.crac.Core;
import org.junit.jupiter.api.Test;

class SnapshotTest {
  private final AtomicInteger reads = new AtomicInteger();
  private final AtomicInteger changes = new AtomicInteger();
  private final AtomicInteger keyReads = new AtomicInteger();

  private static final class Function extends ApiFunction {
    Function(Router router) {
      super(router);
    }
  }

  private Function function(Action read) {
    Clock clock = Clock.systemUTC();
    Cursors cursors = new Cursors(new CursorKeys(() -> {
      keyReads.incrementAndGet();
      return List.of("k".repeat(40));
    }, clock));
    Routes routes = new Routes()
        .bind("open", read)
        .bind("listThings", request -> {
          request.cursor("p");
          return read.handle(request);
        })
        .bind("getThing", read)
        .bind("createThing", this::change, (request, status, entity) -> Reply.noContent())
        .bind("putThing", this::change)
        .bind("deleteThing", this::never);
    return new Function(new Router(Things.CONTRACT, "things", routes,
        new Commits(Optional.empty(), clock, millis -> {}), cursors, Optional.empty(), clock, new RequestLog(line -> {
          throw new AssertionError("priming is not logged: " + line);
        })));
  }

  private Outcome change(Request request) {
    changes.incrementAndGet();
    return Reply.noContent();
  }

  private Outcome never(Request request) {
    throw new AssertionError("priming changes nothing");
  }

  private static final class OnlyPrimed implements ScheduleStep, StreamStep {
    private int primed;

    @Override
    public int run(Invocation invocation) {
      throw new AssertionError("priming changes nothing");
    }

    @Override
    public Optional<StreamRecord> handle(List<StreamRecord> records, Invocation invocation) {
      throw new AssertionError("priming changes nothing");
    }

    @Override
    public void prime() {
      primed++;
    }
  }

  @Test
  void primingReadsAndNothingOfItSurvives() throws Exception {
    Function function = function(request -> {
      reads.incrementAndGet();
      return Reply.noContent();
    });
    assertThat(keyReads).as("no secret is read while the function starts").hasValue(0);
    function.snapshot().beforeCheckpoint(Core.getGlobalContext());
    assertThat(reads.get()).as("three operations, in each round").isPositive().matches(count -> count % 3 == 0);
    assertThat(changes).as("rehearsed").hasPositiveValue();
    assertThat(keyReads).hasValue(1);
    function.snapshot().afterRestore(Core.getGlobalContext());
    function.snapshot().beforeCheckpoint(Core.getGlobalContext());
    assertThat(keyReads).as("read again after a restore").hasValue(2);
  }

  @Test
  void aSchedulesStepIsPrimedAndNotRun() {
    OnlyPrimed step = new OnlyPrimed();
    ScheduleFunction function = new ScheduleFunction(step, Clock.systemUTC()) {};
    function.snapshot().beforeCheckpoint(Core.getGlobalContext());
    assertThat(step.primed).isPositive();
  }

  @Test
  void aStreamsStepIsPrimedAndNotRun() {
    OnlyPrimed step = new OnlyPrimed();
    StreamFunction function = new StreamFunction(step, Clock.systemUTC()) {};
    function.snapshot().beforeCheckpoint(Core.getGlobalContext());
    assertThat(step.primed).isPositive();
  }

  @Test
  void aFailureOfPrimingKeepsNobodyFromStarting() throws Exception {
    Function function = function(request -> {
      throw new NoClassDefFoundError("x");
    });
    function.snapshot().beforeCheckpoint(Core.getGlobalContext());
    function.snapshot().afterRestore(Core.getGlobalContext());
  }
}
