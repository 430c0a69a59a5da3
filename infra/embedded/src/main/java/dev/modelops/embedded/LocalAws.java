package dev.modelops.embedded;

import dev.modelops.embedded.Template.Bucket;
import dev.modelops.embedded.Template.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The template's tables and buckets on this machine: makes them, tells their physical names, and gives every function
 * the environment under which its SDK clients find them. Closing it closes its clients and leaves the data.
 */
public final class LocalAws implements AutoCloseable {

  /** The region that everything here pretends to be in. */
  public static final String REGION = "us-east-1";

  /** The local runtime's access key, and the first part of the names of its tables and buckets. */
  public static final String NAME = "modelops";

  static final String SECRET = "local";

  private final Template template;
  private final Endpoints endpoints;
  private final String accessKey;
  private final Map<String, String> names = new LinkedHashMap<>();
  private final SdkHttpClient http = UrlConnectionHttpClient.create();
  private final DynamoDbClient dynamo;
  private final DynamoDbStreamsClient streams;
  private final S3Client s3;

  /**
   * Makes what is missing of the template's tables and buckets; what is there already stays as it is.
   *
   * @param accessKey letters and digits; DynamoDB Local keeps a database per access key
   * @param prefix    first part of every physical name: {@code modelops} makes {@code modelops-records}
   * @param others    what further names of the template stand for, such as {@code CursorKey}
   * @throws StartException if a table is there with other keys or indexes than the template's
   */
  public static LocalAws create(Template template, Endpoints endpoints, String accessKey, String prefix,
      Map<String, String> others) {
    LocalAws aws = at(template, endpoints, accessKey, prefix, others);
    try {
      aws.make();
      return aws;
    } catch (RuntimeException e) {
      aws.close();
      throw e;
    }
  }

  /**
   * The same without calling anybody yet: environments can be told before DynamoDB and S3 answer; {@link #make} comes
   * later.
   */
  public static LocalAws at(Template template, Endpoints endpoints, String accessKey, String prefix,
      Map<String, String> others) {
    return new LocalAws(template, endpoints, accessKey, prefix, others);
  }

  private LocalAws(Template template, Endpoints endpoints, String accessKey, String prefix,
      Map<String, String> others) {
    this.template = template;
    this.endpoints = endpoints;
    this.accessKey = accessKey;
    names.put("AWS::Region", REGION);
    template.tables().keySet().forEach(id -> names.put(id, physical(prefix, id, "Table")));
    template.buckets().keySet().forEach(id -> names.put(id, physical(prefix, id, "Bucket")));
    names.putAll(others);
    StaticCredentialsProvider credentials = StaticCredentialsProvider.create(
        AwsBasicCredentials.create(accessKey, SECRET));
    dynamo = DynamoDbClient.builder().httpClient(http).endpointOverride(endpoints.dynamo())
        .credentialsProvider(credentials).region(Region.of(REGION)).build();
    streams = DynamoDbStreamsClient.builder().httpClient(http).endpointOverride(endpoints.dynamo())
        .credentialsProvider(credentials).region(Region.of(REGION)).build();
    s3 = S3Client.builder().httpClient(http).endpointOverride(endpoints.s3()).forcePathStyle(true)
        .credentialsProvider(credentials).region(Region.of(REGION)).build();
  }

  /** {@code ArtifactsBucket} becomes {@code modelops-artifacts}. */
  private static String physical(String prefix, String id, String suffix) {
    String stem = id.endsWith(suffix) ? id.substring(0, id.length() - suffix.length()) : id;
    return prefix + "-" + stem.replaceAll("(?<=.)(?=\\p{Upper})", "-").toLowerCase(Locale.ROOT);
  }

  /**
   * Makes what is missing; what is there already stays as it is.
   *
   * @throws StartException if a table is there with other keys or indexes than the template's
   */
  public void make() {
    List<Runnable> parts = new ArrayList<>();
    for (Table table : template.tables().values()) {
      parts.add(() -> Tables.make(dynamo, table, physicalName(table.id())));
    }
    for (Bucket bucket : template.buckets().values()) {
      parts.add(() -> Buckets.make(s3, bucket, physicalName(bucket.id())));
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      parts.forEach(part -> running.add(threads.submit(part)));
      for (Future<?> each : running) {
        each.get();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartException("Interrupted while making tables and buckets.", e);
    }
  }

  /** The template that this was made from. */
  public Template template() {
    return template;
  }

  /** Where DynamoDB and S3 answer. */
  public Endpoints endpoints() {
    return endpoints;
  }

  /**
   * The physical name behind a logical id.
   *
   * @throws IllegalArgumentException if the template has no such table, bucket or name
   */
  public String physicalName(String logicalId) {
    String name = names.get(logicalId);
    if (name == null) {
      throw new IllegalArgumentException("Nothing stands for " + logicalId + ": there are " + names.keySet());
    }
    return name;
  }

  /** The environment of a function: the template's variables and where its SDK clients find everything. */
  public Map<String, String> env(String function) {
    Map<String, String> env = new LinkedHashMap<>(template.environment(function, names));
    env.putAll(Map.of(
        "AWS_REGION", REGION,
        "AWS_ACCESS_KEY_ID", accessKey,
        "AWS_SECRET_ACCESS_KEY", SECRET,
        "AWS_ENDPOINT_URL_DYNAMODB", endpoints.dynamo().toString(),
        "AWS_ENDPOINT_URL_S3", endpoints.s3().toString()));
    return env;
  }

  /** A client of the tables. */
  public DynamoDbClient dynamo() {
    return dynamo;
  }

  /** A client of the tables' streams. */
  public DynamoDbStreamsClient streams() {
    return streams;
  }

  /** A client of the buckets, path-style. */
  public S3Client s3() {
    return s3;
  }

  @Override
  public void close() {
    dynamo.close();
    streams.close();
    s3.close();
    http.close();
  }
}
