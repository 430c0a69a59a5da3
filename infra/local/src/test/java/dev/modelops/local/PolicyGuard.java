package dev.modelops.local;

import dev.modelops.local.TemplateFile.Part;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/**
 * Refuses every call that the policy of the calling function in template.yaml does not allow, as IAM would: the emulators
 * look at no policy. The SDK finds it on the class path of this module's tests and takes it into every client. A function
 * is known by the name of the thread that it is called on; calls from other threads are the tests' own, and pass.
 */
public final class PolicyGuard implements ExecutionInterceptor {

  /** A call's action, resource as the template writes it, and partition key. */
  private record Need(String action, String resource, String key) {}

  private static final Path TEMPLATE = Path.of(System.getProperty("modelops.root", "../.."), "template.yaml");
  private static final Map<String, List<Part>> POLICIES = TemplateFile.read(TEMPLATE).functions()
      .collect(Collectors.toMap(Part::id, PolicyGuard::statements));

  @Override
  public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
    String function = Thread.currentThread().getName().split(" ")[0];
    List<Part> policy = POLICIES.get(function);
    if (policy == null) {
      return;
    }
    needs(context.request()).filter(need -> policy.stream().noneMatch(statement -> allows(statement, need))).findFirst()
        .ifPresent(need -> {
          throw refusal(function + " is not allowed by template.yaml: " + need);
        });
  }

  private static AwsServiceException refusal(String sentence) {
    return AwsServiceException.builder().message(sentence).statusCode(400).awsErrorDetails(
        AwsErrorDetails.builder().errorCode("AccessDeniedException").errorMessage(sentence).build()).build();
  }

  private static List<Part> statements(Part function) {
    return function.list("Properties/Policies").stream()
        .flatMap(policy -> new Part(function.id(), TemplateFile.asMap(policy)).list("Statement").stream())
        .map(statement -> new Part(function.id(), TemplateFile.asMap(statement))).toList();
  }

  private static boolean allows(Part statement, Need need) {
    Map<String, Object> keys = statement.map("Condition/ForAllValues:StringLike");
    return texts(statement.at("Action")).contains(need.action)
        && texts(statement.at("Resource")).stream().anyMatch(resource -> like(need.resource, resource))
        && (keys.isEmpty() || texts(keys.get("dynamodb:LeadingKeys")).stream().anyMatch(key -> like(need.key, key)));
  }

  private static boolean like(String text, String pattern) {
    return pattern.endsWith("*") ? text.startsWith(pattern.substring(0, pattern.length() - 1)) : text.equals(pattern);
  }

  private static List<String> texts(@Nullable Object oneOrMany) {
    return oneOrMany instanceof List<?> many ? many.stream().map(String::valueOf).toList()
        : List.of(String.valueOf(oneOrMany));
  }

  private static Stream<Need> needs(SdkRequest request) {
    return switch (request) {
      case GetItemRequest get -> Stream.of(item("GetItem", get.tableName(), get.key()));
      case PutItemRequest put -> Stream.of(item("PutItem", put.tableName(), put.item()));
      case UpdateItemRequest update -> Stream.of(item("UpdateItem", update.tableName(), update.key()));
      case DeleteItemRequest delete -> Stream.of(item("DeleteItem", delete.tableName(), delete.key()));
      case BatchGetItemRequest batch -> batch.requestItems().entrySet().stream().flatMap(
          table -> table.getValue().keys().stream().map(key -> item("BatchGetItem", table.getKey(), key)));
      case QueryRequest query -> Stream.of(new Need("dynamodb:Query", query.indexName() == null
          ? "GetAtt " + id(query.tableName(), "Table") + ".Arn"
          : "Sub ${" + id(query.tableName(), "Table") + ".Arn}/index/" + query.indexName(), ""));
      case TransactWriteItemsRequest all -> all.transactItems().stream().map(PolicyGuard::part);
      case HeadObjectRequest head -> Stream.of(object("GetObject", head.bucket(), head.key()));
      case GetObjectRequest get -> Stream.of(object("GetObject", get.bucket(), get.key())); // signing asks too
      case PutObjectRequest put -> Stream.of(object("PutObject", put.bucket(), put.key()));
      default -> Stream.of(new Need(request.getClass().getSimpleName(), "", ""));
    };
  }

  private static Need part(TransactWriteItem part) {
    if (part.put() != null) {
      return item("PutItem", part.put().tableName(), part.put().item());
    }
    if (part.update() != null) {
      return item("UpdateItem", part.update().tableName(), part.update().key());
    }
    return part.delete() != null
        ? item("DeleteItem", part.delete().tableName(), part.delete().key())
        : item("ConditionCheckItem", part.conditionCheck().tableName(), part.conditionCheck().key());
  }

  private static Need item(String action, String table, Map<String, AttributeValue> key) {
    AttributeValue partition = key.getOrDefault("pk", AttributeValue.fromS(""));
    return new Need("dynamodb:" + action, "GetAtt " + id(table, "Table") + ".Arn", partition.s());
  }

  private static Need object(String action, String bucket, String key) {
    return new Need("s3:" + action, "Sub ${" + id(bucket, "Bucket") + ".Arn}/" + key, "");
  }

  /** The logical id behind a local name: {@code modelops-records} is {@code RecordsTable}. */
  private static String id(String name, String suffix) {
    String stem = name.substring(name.lastIndexOf('-') + 1);
    return stem.substring(0, 1).toUpperCase(Locale.ROOT) + stem.substring(1) + suffix;
  }
}
