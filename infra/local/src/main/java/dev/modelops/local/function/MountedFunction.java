package dev.modelops.local.function;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A function of the template with its real handler.
 *
 * @param name logical id in the template
 * @param timeout the longest that one invocation may take
 */
public record MountedFunction(String name, RequestStreamHandler handler, Duration timeout, int memoryMegabytes) {
  /** What Lambda takes and gives in one synchronous invocation. */
  public static final int PAYLOAD_LIMIT = 6 * 1024 * 1024;

  /**
   * Calls the handler on a virtual thread of its own and waits for what it writes. A call that takes too long is
   * interrupted and abandoned, as Lambda ends the sandbox.
   *
   * @throws FunctionFailed when the handler throws, takes longer than its timeout, or a payload is too large
   */
  public byte[] invoke(byte[] event) throws FunctionFailed {
    return invoke(event, timeout);
  }

  /**
   * The same for a caller who does not wait longer than {@code patience}.
   *
   * @throws FunctionFailed as above, and when the caller's patience ends first
   */
  public byte[] invoke(byte[] event, Duration patience) throws FunctionFailed {
    if (event.length > PAYLOAD_LIMIT) {
      throw new FunctionFailed(FunctionFailed.Why.EVENT_TOO_LARGE, name + " was given " + event.length + " bytes");
    }
    Invocation invocation = new Invocation(this);
    FutureTask<byte[]> call = new FutureTask<>(() -> {
      ByteArrayOutputStream answer = new ByteArrayOutputStream(1024);
      handler.handleRequest(new ByteArrayInputStream(event), answer, invocation);
      return answer.toByteArray();
    });
    Thread.ofVirtual().name(name + " " + invocation.getAwsRequestId()).start(call);
    byte[] answer = await(call, patience);
    if (answer.length > PAYLOAD_LIMIT) {
      throw new FunctionFailed(FunctionFailed.Why.ANSWER_TOO_LARGE, name + " answered " + answer.length + " bytes");
    }
    return answer;
  }

  private byte[] await(FutureTask<byte[]> call, Duration patience) throws FunctionFailed {
    boolean hurried = patience.compareTo(timeout) < 0;
    Duration limit = hurried ? patience : timeout;
    try {
      return call.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      call.cancel(true);
      throw new FunctionFailed(hurried ? FunctionFailed.Why.OUT_OF_PATIENCE : FunctionFailed.Why.TIMEOUT,
          name + " took longer than " + limit.toMillis() + " ms");
    } catch (ExecutionException thrown) {
      throw new FunctionFailed(name, thrown.getCause() == null ? thrown : thrown.getCause());
    } catch (InterruptedException stopping) {
      call.cancel(true);
      Thread.currentThread().interrupt();
      throw new FunctionFailed(FunctionFailed.Why.TIMEOUT, name + " was stopped");
    }
  }
}
