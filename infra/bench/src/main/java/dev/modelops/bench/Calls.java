package dev.modelops.bench;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.modelops.testkit.TestContext;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Functions called within this JVM. */
final class Calls {
  static final PrintStream NOWHERE = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);

  private Calls() {}

  /** @throws IllegalStateException unless the answer is 2xx */
  static byte[] call(RequestStreamHandler function, byte[] event) throws IOException {
    ByteArrayOutputStream answer = new ByteArrayOutputStream(1024);
    function.handleRequest(new ByteArrayInputStream(event), answer, new TestContext());
    byte[] bytes = answer.toByteArray();
    if (!new String(bytes, 0, Math.min(bytes.length, 20), StandardCharsets.UTF_8).startsWith("{\"statusCode\":20")) {
      throw new IllegalStateException(new String(bytes, StandardCharsets.UTF_8));
    }
    return bytes;
  }

  /** The same without its log lines. */
  static void quietly(RequestStreamHandler function, byte[] event) throws IOException {
    PrintStream out = System.out;
    System.setOut(NOWHERE);
    try {
      call(function, event);
    } finally {
      System.setOut(out);
    }
  }
}
