package dev.modelops.local.gateway;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Closes connections that send the headers of a request in drops: each drop resets the idle timeout, so nothing else
 * ever ends them.
 */
final class SlowHeaders extends AbstractLifeCycle implements Connection.Listener {
  private final Supplier<Scheduler> scheduler;
  private final Duration limit;
  private final Map<Connection, Seen> seen = new ConcurrentHashMap<>();

  SlowHeaders(Supplier<Scheduler> scheduler, Duration limit) {
    this.scheduler = scheduler;
    this.limit = limit;
  }

  @Override
  public void onOpened(Connection connection) {
    seen.put(connection, Seen.of(connection));
  }

  @Override
  public void onClosed(Connection connection) {
    seen.remove(connection);
  }

  @Override
  protected void doStart() {
    sweepLater();
  }

  private void sweepLater() {
    scheduler.get().schedule(() -> {
      seen.replaceAll(this::look);
      if (isStarting() || isStarted()) {
        sweepLater();
      }
    }, limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Bytes came since the last look, but no request began and none is being answered: its headers are not complete. */
  private Seen look(Connection connection, Seen before) {
    Seen now = Seen.of(connection);
    boolean unfinished =
        now.requests == before.requests && now.requests == now.answers && now.bytes > before.requestEnd;
    if (unfinished && before.unfinished) {
      connection.getEndPoint().close();
    }
    long requestEnd = now.requests == before.requests && !before.busy() ? before.requestEnd : now.bytes;
    return new Seen(now.requests, now.answers, now.bytes, requestEnd, unfinished);
  }

  /**
   * @param requestEnd bytes that are known to belong to requests that were read
   */
  private record Seen(long requests, long answers, long bytes, long requestEnd, boolean unfinished) {
    static Seen of(Connection connection) {
      return new Seen(connection.getMessagesIn(), connection.getMessagesOut(), connection.getBytesIn(), 0, false);
    }

    boolean busy() {
      return requests != answers;
    }
  }
}
