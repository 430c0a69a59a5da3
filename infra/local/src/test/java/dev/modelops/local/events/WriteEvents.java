package dev.modelops.local.events;

import dev.modelops.embedded.Template;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** {@code mvn -q -Pevents}: writes {@code events/} anew and removes what nothing stands behind any more. */
public final class WriteEvents {
  private WriteEvents() {}

  /**
   * @param args the source tree
   */
  public static void main(String[] args) throws IOException {
    Path root = Path.of(args[0]);
    Path folder = Files.createDirectories(root.resolve("events"));
    EventFiles files = new EventFiles(Template.read(root.resolve("template.yaml")));
    Map<String, String> wanted = files.all();
    for (Path file : list(folder)) {
      String name = file.getFileName().toString();
      if (name.endsWith(".json") && !wanted.containsKey(name) && !files.streams().contains(name)) {
        Files.delete(file);
      }
    }
    for (Map.Entry<String, String> file : wanted.entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue(), StandardCharsets.UTF_8);
    }
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
