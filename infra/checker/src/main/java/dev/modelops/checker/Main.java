package dev.modelops.checker;

import dev.modelops.domain.registry.ArtifactStore;
import dev.modelops.embedded.Emulators;
import dev.modelops.embedded.LocalAws;
import dev.modelops.embedded.StartException;
import dev.modelops.embedded.Template;
import dev.modelops.store.dynamodb.Layout.Table;
import dev.modelops.store.s3.S3Module;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Checks a store from the command line: findings as lines of JSON, then one sentence. Ends with 0 when nothing is wrong,
 * with 1 when something is, with 2 when the store could not be read.
 */
public final class Main {

  private final Properties settings;
  private final PrintStream out;
  private final PrintStream err;

  /** @param out is told findings, {@code err} everything else */
  public Main(Properties settings, PrintStream out, PrintStream err) {
    this.settings = settings;
    this.out = out;
    this.err = err;
  }

  /**
   * Reads its settings from system properties that Maven passes on:
   *
   * <ul>
   * <li>{@code modelops.outputs} of a stack on AWS, as {@code Name=value} with spaces between; empty for the local store
   * <li>{@code modelops.data} of the local store, {@code .modelops}
   * <li>{@code modelops.check.part}, such as {@code 3/8}: that eighth of the store alone
   * <li>{@code modelops.check.files}: {@code true} to ask S3 for every file, too
   * </ul>
   */
  public static void main(String[] args) {
    System.exit(new Main(System.getProperties(), System.out, System.err).run());
  }

  /** Returns the exit status. */
  public int run() {
    try {
      Part part = Part.parse(setting("modelops.check.part", "1/1"));
      String outputs = setting("modelops.outputs", "");
      Summary summary = outputs.isEmpty() ? local(part) : remote(part, outputs(outputs));
      err.println("[check] " + summary);
      return summary.findings() == 0 ? 0 : 1;
    } catch (StartException | IllegalArgumentException | SdkException e) {
      err.println("[check] The store was not checked: " + e.getMessage());
      return 2;
    }
  }

  private String setting(String name, String otherwise) {
    String text = settings.getProperty(name, "").strip();
    return text.isEmpty() ? otherwise : text;
  }

  private boolean files() {
    return Boolean.parseBoolean(setting("modelops.check.files", "false"));
  }

  /** The local runtime must have ended: only one process at a time can have its store. */
  private Summary local(Part part) {
    Path root = Path.of(setting("modelops.root", "")).toAbsolutePath();
    Path data = root.resolve(setting("modelops.data", ".modelops"));
    if (!Files.isDirectory(data)) {
      throw new IllegalArgumentException("there is none in " + data + ": mvn -Plocal makes one");
    }
    try (Emulators emulators = Emulators.start(Emulators.Settings.in(data), line -> err.println("[check] " + line));
        LocalAws aws = LocalAws.at(Template.read(root.resolve("template.yaml")), emulators.endpoints(), LocalAws.NAME,
            LocalAws.NAME,
            Map.of("CursorKey", ""))) {
      ArtifactStore artifacts = files() ? S3Module.artifacts(aws.env("RegistryFunction")) : null;
      return Checker.of(aws, artifacts, null).run(part, out::println);
    }
  }

  private Summary remote(Part part, Map<String, String> outputs) {
    Map<Table, String> names = new EnumMap<>(Table.class);
    for (Table table : Table.values()) {
      names.put(table,
          output(outputs, table.name().charAt(0) + table.name().substring(1).toLowerCase(java.util.Locale.ROOT)
              + "TableName"));
    }
    ArtifactStore artifacts =
        files() ? S3Module.artifacts(Map.of("ARTIFACTS_BUCKET", output(outputs, "ArtifactsBucketName"))) : null;
    try (DynamoDbClient client = DynamoDbClient.builder()
        .overrideConfiguration(override -> override.retryStrategy(AwsRetryStrategy.standardRetryStrategy())).build()) {
      return new Checker(client, names, artifacts).run(part, out::println);
    }
  }

  private static Map<String, String> outputs(String text) {
    Map<String, String> outputs = new HashMap<>();
    for (String each : text.split("\\s+")) {
      String[] parts = each.split("=", 2);
      outputs.put(parts[0], parts.length < 2 ? "" : parts[1]);
    }
    return outputs;
  }

  private static String output(Map<String, String> outputs, String name) {
    return Optional.ofNullable(outputs.get(name)).filter(value -> !value.isBlank())
        .orElseThrow(() -> new IllegalArgumentException("modelops.outputs names no " + name));
  }
}
