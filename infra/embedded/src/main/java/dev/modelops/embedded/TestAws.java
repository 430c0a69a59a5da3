package dev.modelops.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Fresh tables and buckets for one test class, made from the source tree's template.yaml in the emulators that all test
 * JVMs of a build share:
 *
 * <pre>{@code
 * static final TestAws AWS = TestAws.fresh();
 * RegistryFunction function = new RegistryFunction(AWS.env("RegistryFunction"));
 * }</pre>
 *
 * <p>Nobody else sees them, so tests need not clean up. System properties: {@code modelops.aws} is {@code embedded}
 * (default) or {@code localstack} (needs Docker); {@code modelops.root} is the source tree.
 */
public final class TestAws implements AutoCloseable {

  private static @Nullable Endpoints found;
  private static @Nullable Template template;

  private final LocalAws aws;

  private TestAws(LocalAws aws) {
    this.aws = aws;
  }

  /**
   * New, empty tables and buckets.
   *
   * @throws StartException if the emulators cannot be started
   */
  public static TestAws fresh() {
    String id = "t" + HexFormat.of().formatHex(random());
    return new TestAws(LocalAws.create(template(), endpoints(), id, id, Map.of("CursorKey", cursorKey())));
  }

  /** The emulators of this build, started if need be. */
  public static synchronized Endpoints endpoints() {
    Endpoints endpoints = found;
    if (endpoints == null) {
      endpoints = BuildEmulators.find(root(), System.getProperty("modelops.aws", "embedded"));
      found = endpoints;
    }
    return endpoints;
  }

  private static synchronized Template template() {
    Template read = template;
    if (read == null) {
      read = Template.read(root().resolve("template.yaml"));
      template = read;
    }
    return read;
  }

  /** The source tree: as the build says, else the nearest folder upwards that has a template. */
  static Path root() {
    String said = System.getProperty("modelops.root");
    if (said != null) {
      return Path.of(said);
    }
    Path here = Path.of("").toAbsolutePath();
    for (Path folder = here; folder != null; folder = folder.getParent()) {
      if (Files.exists(folder.resolve("template.yaml"))) {
        return folder;
      }
    }
    throw new StartException("No template.yaml in " + here + " or above: run in the source tree or set modelops.root.");
  }

  private static byte[] random() {
    byte[] bytes = new byte[6];
    new SecureRandom().nextBytes(bytes);
    return bytes;
  }

  private static String cursorKey() {
    try {
      Path file = root().resolve("target/aws/cursor-key");
      if (!Files.exists(file)) {
        Emulator.create(root().resolve("target/aws"));
        Files.writeString(file, "a key for tests, as long as the secret that the template makes..");
      }
      return "file:" + file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The environment of a function, {@code overrides} on top. */
  public Map<String, String> env(String function, Map<String, String> overrides) {
    Map<String, String> env = new LinkedHashMap<>(aws.env(function));
    env.putAll(overrides);
    return env;
  }

  /** The environment of a function of the template. */
  public Map<String, String> env(String function) {
    return aws.env(function);
  }

  /** The physical name behind a logical id of the template, such as {@code RecordsTable}. */
  public String physicalName(String logicalId) {
    return aws.physicalName(logicalId);
  }

  /** Tables, buckets and clients in the form that the local runtime uses. */
  public LocalAws aws() {
    return aws;
  }

  /** A client of the tables. */
  public DynamoDbClient dynamo() {
    return aws.dynamo();
  }

  /** A client of the tables' streams. */
  public DynamoDbStreamsClient streams() {
    return aws.streams();
  }

  /** A client of the buckets. */
  public S3Client s3() {
    return aws.s3();
  }

  @Override
  public void close() {
    aws.close();
  }
}
