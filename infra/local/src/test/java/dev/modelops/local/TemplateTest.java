package dev.modelops.local;

import static dev.modelops.local.TemplateFile.asMap;
import static dev.modelops.local.TemplateFile.each;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.modelops.local.TemplateFile.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What must hold of every function, table, bucket and route of template.yaml, now and when one is added. */
class TemplateTest {

  private static final Path ROOT = Path.of(System.getProperty("modelops.root", "../.."));
  private static final TemplateFile TEMPLATE = TemplateFile.read(ROOT.resolve("template.yaml"));

  // --- functions ---

  @TestFactory
  Stream<DynamicTest> functionRunsOnJava25OnOneWholeArmCore() {
    return each(TEMPLATE.functions(), function -> {
      assertThat(function.text("Properties/Runtime")).isEqualTo("java25");
      assertThat(function.list("Properties/Architectures")).isEqualTo(List.of("arm64"));
      assertThat(function.at("Properties/MemorySize")).isEqualTo(1769);
    });
  }

  @TestFactory
  Stream<DynamicTest> functionIsTheZipOfItsModuleAndAStreamHandlerInIt() {
    return each(TEMPLATE.functions(), function -> {
      String handler = function.text("Properties/Handler");
      String module = handler.split("\\.")[2] + "-function";
      assertThat(function.text("Properties/CodeUri")).isEqualTo("functions/" + module + "/target/" + module + ".zip");
      assertThat(function.text("Properties/PackageType")).isEmpty();
      assertThat(RequestStreamHandler.class).isAssignableFrom(Class.forName(handler));
    });
  }

  @TestFactory
  Stream<DynamicTest> functionStartsFromASnapshotBehindAnAliasThatFollowsEveryChange() {
    return each(TEMPLATE.functions(), function -> {
      assertThat(function.text("Properties/SnapStart/ApplyOn")).isEqualTo("PublishedVersions");
      assertThat(function.text("Properties/AutoPublishAlias")).isEqualTo("live");
      assertThat(function.at("Properties/AutoPublishAliasAllProperties")).isEqualTo(true);
    });
  }

  @TestFactory
  Stream<DynamicTest> functionSetsNoFlagsThatASnapshotSuffersFrom() {
    return each(TEMPLATE.functions(), function -> assertThat(function.map("Properties/Environment/Variables"))
        .doesNotContainKeys("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "AWS_LAMBDA_EXEC_WRAPPER"));
  }

  @TestFactory
  Stream<DynamicTest> functionIsCalledOnceAWeekAtLeastSoThatItsSnapshotStaysActive() {
    return each(TEMPLATE.functions(), function -> assertThat(TemplateFile.events(function, "ScheduleV2")
        .map(event -> event.text("Properties/ScheduleExpression")))
        .anyMatch(rate -> Set.of("rate(7 days)", "rate(15 minutes)", "rate(1 minute)").contains(rate)));
  }

  @TestFactory
  Stream<DynamicTest> functionWritesToALogGroupOfItsOwnThatForgets() {
    Map<String, Part> groups = TEMPLATE.resources("AWS::Logs::LogGroup").collect(Collectors.toMap(Part::id, g -> g));
    Set<String> taken = new TreeSet<>();
    return each(TEMPLATE.functions(), function -> {
      String group = function.text("Properties/LoggingConfig/LogGroup").replace("Ref ", "");
      assertThat(taken.add(group)).as("%s is its own", group).isTrue();
      assertThat(groups).containsKey(group);
      assertThat(Objects.requireNonNull(groups.get(group)).text("Properties/RetentionInDays"))
          .isEqualTo("Ref LogRetentionDays");
    });
  }

  @TestFactory
  Stream<DynamicTest> apiFunctionAnswersBeforeTheGatewayGivesUp() {
    Stream<Part> called = TEMPLATE.functions()
        .filter(function -> TemplateFile.events(function, "HttpApi").findAny().isPresent());
    return each(called, function -> assertThat((int) function.at("Properties/Timeout")).isLessThan(30));
  }

  @TestFactory
  Stream<DynamicTest> scheduledFunctionEndsBeforeItsNextTick() {
    Map<String, Integer> seconds = Map.of("rate(1 minute)", 60, "rate(15 minutes)", 900, "rate(7 days)", 604_800);
    return each(TEMPLATE.functions(), function -> TemplateFile.events(function, "ScheduleV2").forEach(event -> {
      assertThat((int) function.at("Properties/Timeout"))
          .isLessThan(seconds.get(event.text("Properties/ScheduleExpression")));
      assertThat(event.at("Properties/OmitName")).as("two stacks fit one account").isEqualTo(true);
    }));
  }

  // --- the API ---

  @Test
  void authorizerIsCalledThroughItsAliasAndCachedForThirtySeconds() {
    Part api = api();
    assertThat(api.text("Properties/Auth/DefaultAuthorizer")).isEqualTo("Bearer");
    Part bearer = new Part("Bearer", api.map("Properties/Auth/Authorizers/Bearer"));
    assertThat(bearer.text("FunctionArn")).isEqualTo("Ref AuthorizerFunction.Alias");
    assertThat(bearer.text("AuthorizerPayloadFormatVersion")).isEqualTo("2.0");
    assertThat(bearer.at("EnableSimpleResponses")).isEqualTo(true);
    assertThat(bearer.list("Identity/Headers")).isEqualTo(List.of("Authorization"));
    assertThat(bearer.at("Identity/ReauthorizeEvery")).isEqualTo(30);
    Part function = TEMPLATE.functions().filter(f -> f.id().equals("AuthorizerFunction")).findAny().orElseThrow();
    assertThat((int) function.at("Properties/Timeout")).as("the gateway waits no longer").isLessThanOrEqualTo(10);
  }

  @Test
  void everyRouteWithAnAuthorizerHasItsPreflightWithoutOneAndNothingElseIsPublic() {
    Set<String> authorized = new TreeSet<>();
    Set<String> open = new TreeSet<>();
    TEMPLATE.functions().flatMap(function -> TemplateFile.events(function, "HttpApi")).forEach(route -> {
      assertThat(route.text("Properties/ApiId")).isEqualTo("Ref Api");
      String name = route.text("Properties/Method") + " " + route.text("Properties/Path");
      boolean added = (route.text("Properties/Auth/Authorizer").equals("NONE") ? open : authorized).add(name);
      assertThat(added).as("%s is declared once", name).isTrue();
    });
    assertThat(authorized).isNotEmpty().allMatch(route -> route.startsWith("ANY /v1/"));
    Set<String> preflights = authorized.stream().map(route -> route.replace("ANY", "OPTIONS"))
        .collect(Collectors.toCollection(TreeSet::new));
    preflights.add(" "); // $default: no method, no path
    assertThat(open).isEqualTo(preflights);
  }

  @Test
  void apiIsThrottledAndItsAccessLogHoldsNoToken() {
    Part api = api();
    assertThat(api.map("Properties/DefaultRouteSettings"))
        .containsKeys("ThrottlingRateLimit", "ThrottlingBurstLimit");
    assertThat(api.text("Properties/AccessLogSettings/DestinationArn")).isEqualTo("GetAtt AccessLogs.Arn");
    assertThat(api.text("Properties/AccessLogSettings/Format")).contains("$context.requestId", "$context.status")
        .doesNotContainIgnoringCase("header").doesNotContainIgnoringCase("query");
  }

  @Test
  void browsersReachTheApiFromNamedOriginsOnlyAndSeeTheHeadersTheyNeed() {
    Part api = api();
    assertThat(api.text("Properties/CorsConfiguration/AllowOrigins")).isEqualTo("Ref CorsOrigins");
    assertThat(parameter("CorsOrigins").text("AllowedPattern")).contains("[^*");
    assertThat(api.list("Properties/CorsConfiguration/ExposeHeaders").stream().map(String::valueOf))
        .contains("ETag", "Link", "Location", "Retry-After", "X-Request-Id");
    assertThat(api.map("Properties/CorsConfiguration")).doesNotContainKey("AllowCredentials");
  }

  // --- streams, tables, buckets ---

  @TestFactory
  Stream<DynamicTest> streamGivesUpOnARecordInBoundedTimeAndKeepsItInS3() {
    return each(TEMPLATE.functions().flatMap(function -> TemplateFile.events(function, "DynamoDB")), stream -> {
      assertThat(stream.at("Properties/BisectBatchOnFunctionError")).isEqualTo(true);
      assertThat(stream.list("Properties/FunctionResponseTypes")).isEqualTo(List.of("ReportBatchItemFailures"));
      assertThat(stream.map("Properties/DestinationConfig/OnFailure"))
          .isEqualTo(Map.of("Type", "S3", "Destination", "GetAtt FailuresBucket.Arn"));
      assertThat((int) stream.at("Properties/MaximumRetryAttempts")).isBetween(1, 100);
      assertThat((int) stream.at("Properties/MaximumRecordAgeInSeconds")).as("a stream forgets after 24 hours")
          .isBetween(600, 43_200);
      assertThat(stream.list("Properties/FilterCriteria/Filters")).isNotEmpty();
      assertThat(stream.text("Properties/StartingPosition")).isEqualTo("TRIM_HORIZON");
    });
  }

  @Test
  void streamHasTwoReadersAtMost() {
    assertThat(TEMPLATE.functions().flatMap(function -> TemplateFile.events(function, "DynamoDB"))
        .collect(Collectors.groupingBy(stream -> stream.text("Properties/Stream"), Collectors.counting())).values())
        .allMatch(readers -> readers <= 2);
  }

  @TestFactory
  Stream<DynamicTest> tableIsKeptProtectedRecoverableAndEncrypted() {
    return each(TEMPLATE.resources("AWS::DynamoDB::Table"), table -> {
      assertThat(table.text("DeletionPolicy")).isEqualTo("Retain");
      assertThat(table.text("UpdateReplacePolicy")).isEqualTo("Retain");
      assertThat(table.at("Properties/DeletionProtectionEnabled")).isEqualTo(true);
      assertThat(table.at("Properties/PointInTimeRecoverySpecification/PointInTimeRecoveryEnabled")).isEqualTo(true);
      assertThat(table.at("Properties/SSESpecification/SSEEnabled")).isEqualTo(true);
      assertThat(table.text("Properties/BillingMode")).isEqualTo("PAY_PER_REQUEST");
      assertThat(table.list("Properties/GlobalSecondaryIndexes").stream().map(index -> asMap(index).get("IndexName")))
          .as("AWS refuses shorter names").allMatch(name -> String.valueOf(name).length() >= 3);
    });
  }

  @TestFactory
  Stream<DynamicTest> bucketIsKeptVersionedPrivateEncryptedAndTlsOnly() {
    Map<String, Part> policies = TEMPLATE.resources("AWS::S3::BucketPolicy")
        .collect(Collectors.toMap(policy -> policy.text("Properties/Bucket").replace("Ref ", ""), policy -> policy));
    return each(TEMPLATE.resources("AWS::S3::Bucket"), bucket -> {
      assertThat(bucket.text("DeletionPolicy")).isEqualTo("Retain");
      assertThat(bucket.text("UpdateReplacePolicy")).isEqualTo("Retain");
      assertThat(bucket.text("Properties/VersioningConfiguration/Status")).isEqualTo("Enabled");
      assertThat(bucket.map("Properties/PublicAccessBlockConfiguration").values()).hasSize(4)
          .allMatch(Boolean.TRUE::equals);
      assertThat(bucket.map("Properties/BucketEncryption")).isNotEmpty();
      assertThat(
          Objects.requireNonNull(policies.get(bucket.id())).list("Properties/PolicyDocument/Statement").toString())
          .contains("Effect=Deny", "Action=s3:*", "aws:SecureTransport=false",
              "GetAtt " + bucket.id() + ".Arn", "Sub ${" + bucket.id() + ".Arn}/*");
    });
  }

  @Test
  void artifactIsNeverOverwrittenWhoeverSignsTheUpload() {
    assertThat(TEMPLATE.resources("AWS::S3::BucketPolicy").map(policy -> policy.text("Properties/PolicyDocument")))
        .anyMatch(policy -> policy.contains("Null={s3:if-none-match=true}") && policy.contains("Action=s3:PutObject"));
  }

  @Test
  void blocksOutliveTheMetricWindowByThreeDaysWhateverIsChosen() {
    Part window = parameter("MetricWindowDays");
    Part retention = parameter("BlockRetentionDays");
    assertThat((int) retention.at("MinValue")).isGreaterThanOrEqualTo((int) window.at("MaxValue") + 3);
    assertThat((int) window.at("Default")).isBetween((int) window.at("MinValue"), (int) window.at("MaxValue"));
    assertThat((int) retention.at("Default")).isGreaterThanOrEqualTo((int) retention.at("MinValue"));
  }

  // --- secrets and settings ---

  @Test
  void templateHoldsNoSecret() {
    assertThat(TEMPLATE.resources("AWS::SecretsManager::Secret")).isNotEmpty().allSatisfy(secret -> assertThat(
        secret.map("Properties")).containsKey("GenerateSecretString").doesNotContainKey("SecretString"));
    assertThat(TEMPLATE.functions().flatMap(f -> f.map("Properties/Environment/Variables").entrySet().stream()))
        .filteredOn(variable -> variable.getKey().matches(".*(KEY|SECRET|TOKEN|PASSWORD).*"))
        .allMatch(variable -> variable.getValue().equals("Ref CursorKey"));
  }

  @Test
  void samconfigSetsOnlyParametersThatExist() throws IOException {
    String samconfig = Files.readString(ROOT.resolve("infra/samconfig.toml"));
    List<String> set = Pattern.compile("\"([A-Z]\\w+)=").matcher(samconfig).results().map(m -> m.group(1)).toList();
    assertThat(set).isNotEmpty().allMatch(TEMPLATE.all().map("Parameters")::containsKey);
  }

  @Test
  void outputsNameEveryTableAndBucket() {
    Set<String> shown = TEMPLATE.all().map("Outputs").values().stream().map(output -> asMap(output).get("Value"))
        .map(String::valueOf).collect(Collectors.toCollection(TreeSet::new));
    assertThat(Stream.concat(TEMPLATE.resources("AWS::DynamoDB::Table"), TEMPLATE.resources("AWS::S3::Bucket"))
        .map(resource -> "Ref " + resource.id())).allMatch(shown::contains);
  }

  private static Part api() {
    return TEMPLATE.resources("AWS::Serverless::HttpApi").findAny().orElseThrow();
  }

  private static Part parameter(String name) {
    return new Part(name, TEMPLATE.all().map("Parameters/" + name));
  }
}
