import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;

/**
 * Writes the contract as JSON. The build runs it from its source when either has changed.
 */
public final class OpenApiJson {
  private final StringBuilder json = new StringBuilder();

  /** @param args the YAML, and where the JSON goes */
  public static void main(String[] args) throws IOException {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    OpenApiJson contract = new OpenApiJson();
    try (Reader yaml = Files.newBufferedReader(Path.of(args[0]))) {
      contract.write(new Yaml(options).load(yaml), "");
    }
    Path target = Path.of(args[1]);
    Files.createDirectories(target.getParent());
    Files.writeString(target, contract.json, StandardCharsets.UTF_8);
  }

  private void write(Object value, String at) {
    switch (value) {
      case null -> json.append("null");
      case Boolean truth -> json.append(truth);
      case Number number -> json.append(number);
      case String text -> text(text);
      case List<?> list -> list(list, at);
      case Map<?, ?> object -> object(object, at);
      // YAML reads a bare 2026-01-01 as a date, JSON knows none.
      case Date time -> throw new IllegalStateException("openapi.yaml: put the time at " + at + " in quotes");
      default -> throw new IllegalStateException("openapi.yaml: no JSON at " + at + ": " + value.getClass());
    }
  }

  private void list(List<?> list, String at) {
    json.append('[');
    for (int i = 0; i < list.size(); i++) {
      json.append(i == 0 ? "" : ",");
      write(list.get(i), at + "/" + i);
    }
    json.append(']');
  }

  private void object(Map<?, ?> object, String at) {
    json.append('{');
    String comma = "";
    for (Map.Entry<?, ?> entry : object.entrySet()) {
      if (!(entry.getKey() instanceof String name)) {
        throw new IllegalStateException("openapi.yaml: put the name " + entry.getKey() + " at " + at + " in quotes");
      }
      json.append(comma);
      text(name);
      json.append(':');
      write(entry.getValue(), at + "/" + name);
      comma = ",";
    }
    json.append('}');
  }

  private void text(String text) {
    json.append('"');
    text.chars().forEach(c -> {
      switch (c) {
        case '"', '\\' -> json.append('\\').append((char) c);
        case '\n' -> json.append("\\n");
        case '\r' -> json.append("\\r");
        case '\t' -> json.append("\\t");
        default -> json.append(c < ' ' ? "\\u%04x".formatted(c) : String.valueOf((char) c));
      }
    });
    json.append('"');
  }
}
