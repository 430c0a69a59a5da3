package dev.modelops.whole;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.modelops.checker.Checker;
import dev.modelops.embedded.TestAws;
import dev.modelops.testkit.Answer;
import dev.modelops.testkit.Functions;
import dev.modelops.testkit.Operations;
import dev.modelops.whole.Writes.Ask;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Two builds of the functions on one store, as while a deployment is under way: requests go to one and the other in turn.
 * The other build's classes are its own, and it writes fields that this one does not know and lacks some that it does.
 */
class TwoBuildsTest {

  private static final TestAws AWS = TestAws.fresh();
  private static final Functions THIS = new Functions(AWS);
  private static final Functions OTHER = new Functions(AWS, new OwnClasses());
  private static final AtomicInteger REQUESTS = new AtomicInteger();
  private static final AtomicInteger NAMES = new AtomicInteger();
  private static final Writes WRITES = new Writes(TwoBuildsTest::inTurn);

  /** Loads the functions, and all that they are made of, anew; the JDK's, the SDK's and the tests' classes are shared. */
  private static final class OwnClasses extends URLClassLoader {
    OwnClasses() {
      super(classPath(), TwoBuildsTest.class.getClassLoader());
    }

    private static URL[] classPath() {
      List<URL> urls = new ArrayList<>();
      for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
        try {
          urls.add(Path.of(entry).toUri().toURL());
        } catch (MalformedURLException e) {
          throw new AssertionError(e);
        }
      }
      return urls.toArray(URL[]::new);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.matches("dev\\.modelops\\.(?!local|embedded|testkit|checker).*")) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded == null ? findClass(name) : loaded;
      }
    }
  }

  private static RequestStreamHandler inTurn(String function) {
    return REQUESTS.getAndIncrement() % 2 == 0 ? THIS.get(function) : AnotherBuild.of(OTHER.get(function));
  }

  static Stream<String> writing() {
    return Operations.all().stream().filter(operation -> !operation.method().equals("GET"))
        .map(Operations.Operation::id);
  }

  @ParameterizedTest
  @MethodSource("writing")
  void eachBuildGoesOnWithWhatTheOtherWrote(String operation) {
    // Which build begins changes from one operation to the next.
    Ask ask = WRITES.prepare(operation, "w%04dq".formatted(NAMES.incrementAndGet()));
    Answer answer = Writes.send(TwoBuildsTest::inTurn, ask, operation);
    assertThat(answer.status()).as(answer.body()).isBetween(200, 299);
  }

  @AfterAll
  static void nothingIsWrongWithWhatBothHaveWritten() {
    assertThat(THIS.get("RegistryFunction").getClass()).isNotEqualTo(OTHER.get("RegistryFunction").getClass());
    assertThat(AWS.dynamo().scanPaginator(scan -> scan.tableName(AWS.physicalName("RecordsTable"))).items().stream()
        .map(item -> item.getOrDefault("body", AttributeValue.fromS("")).s())
        .filter(body -> body != null && body.contains("addedLater"))).hasSizeGreaterThan(25);
    Checker.assertSound(AWS);
    AWS.close();
  }
}
