package dev.modelops.local;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/** What the person in front of the terminal reads; what functions log goes to a file instead. */
final class Console {
  private static final long LARGEST_LOG = 50L * 1024 * 1024;

  private final PrintStream out;
  private final PrintStream err;
  private final Instant start;

  Console(PrintStream out, PrintStream err, Instant start) {
    this.out = out;
    this.err = err;
    this.start = start;
  }

  /** Sends what functions write to standard output and standard error to {@code log/functions.log}. */
  void divertLogs(Path data) {
    try {
      Path log = Files.createDirectories(data.resolve("log")).resolve("functions.log");
      if (Files.exists(log) && Files.size(log) > LARGEST_LOG) {
        Files.move(log, log.resolveSibling("functions.log.1"), StandardCopyOption.REPLACE_EXISTING);
      }
      OutputStream file = Files.newOutputStream(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      PrintStream lines = new PrintStream(file, true, StandardCharsets.UTF_8);
      System.setOut(lines);
      System.setErr(lines);
    } catch (IOException e) {
      throw new CannotStart("The folder " + data
          + " cannot be written: make it writable or choose another one with -Dmodelops.data=<folder>.", e);
    }
  }

  void say(String sentence) {
    out.println("[modelops] " + sentence);
    out.flush();
  }

  void complain(String sentence) {
    err.println("[modelops] " + sentence);
    err.flush();
  }

  /** Where it answers, who may call, what to try. */
  void welcome(String url, Path tokensFolder, Map<String, String> tokens, Path log) {
    StringBuilder text = new StringBuilder(1024);
    text.append('\n').append("  API      ").append(url).append('\n');
    text.append("  Logs     ").append(log).append('\n');
    text.append("  Tokens   one per role, kept in ").append(tokensFolder).append('\n');
    int width = tokens.keySet().stream().mapToInt(String::length).max().orElse(0);
    tokens.forEach((role, token) -> text.append("    ").append(role).append(" ".repeat(width - role.length() + 2))
        .append(token).append('\n'));
    text.append("  Try\n");
    text.append("    curl ").append(url).append("/health\n");
    tokens.entrySet().stream().filter(token -> token.getKey().equals("ml-engineer")).findFirst().ifPresent(token -> {
      String bearer = "-H 'Authorization: Bearer " + token.getValue() + "' ";
      text.append("    curl ").append(bearer).append(url).append("/v1/whoami\n");
      text.append("    curl ").append(bearer).append(url).append("/v1/models\n");
    });
    out.println(text);
  }

  void ready() {
    double seconds = Duration.between(start, Instant.now()).toMillis() / 1000.0;
    say(String.format(Locale.ROOT, "Ready after %.1f s. Ctrl-C ends everything it started; the data stays.", seconds));
  }
}
