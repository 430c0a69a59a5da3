package dev.modelops.front;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Pages for people. Text is put into them escaped; backquotes become code. */
final class Pages {
  private static final String FRONT = read("front.html");
  private static final String PROBLEM = read("problem.html");

  private Pages() {}

  static byte[] front(String version) {
    return fill(FRONT, Map.of("version", version));
  }

  static byte[] problem(FrontResource.ProblemPage page) {
    return fill(PROBLEM, Map.of("title", page.title(), "status", Integer.toString(page.status()), "type", page.type(),
        "description", page.description()));
  }

  private static byte[] fill(String template, Map<String, String> values) {
    String page = template;
    for (Map.Entry<String, String> value : values.entrySet()) {
      String escaped = value.getValue().replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
          .replaceAll("`([^`]*)`", "<code>$1</code>");
      page = page.replace("{{" + value.getKey() + "}}", escaped);
    }
    return page.getBytes(StandardCharsets.UTF_8);
  }

  private static String read(String name) {
    try (InputStream in = Pages.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
