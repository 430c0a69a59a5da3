package dev.modelops.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StreamFunctionTest {
  private final List<String> handled = new ArrayList<>();

  private static final class Stream extends StreamFunction {
    Stream(StreamStep step) {
      super(step, Clock.systemUTC());
    }

    Stream(StreamStep step, ScheduleStep catchUp) {
      super(step, catchUp, Clock.systemUTC());
    }
  }

  private static final class Schedule extends ScheduleFunction {
    Schedule(ScheduleStep step) {
      super(step, Clock.systemUTC());
    }
  }

  private static String records(int count) {
    return IntStream.rangeClosed(1, count).mapToObj(i -> """
        {"eventID":"e%1$d","eventName":"INSERT","dynamodb":{"SequenceNumber":"10%1$d","Keys":{"pk":{"S":"m#a"}},
        "NewImage":{"pk":{"S":"m#a"},"body":{"S":"text %1$d"},"rev":{"N":"%1$d"},"data":{"B":"AQI="}}}}""".formatted(i))
        .collect(Collectors.joining(",", "{\"Records\":[", "]}"));
  }

  private static String call(RequestStreamHandler function, String event) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    function.handleRequest(new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)), out, new FixedContext());
    return out.toString(StandardCharsets.UTF_8);
  }

  private StreamFunction failing(String sequence) {
    return new Stream(StreamStep.each((record, invocation) -> {
      if (record.sequenceNumber().equals(sequence)) {
        throw new IllegalStateException("poison");
      }
      handled.add(record.text("body").orElseThrow());
    }));
  }

  @Test
  void recordsAreHandledInOrder() throws IOException {
    assertThat(call(failing("none"), records(3))).isEqualTo("{\"batchItemFailures\":[]}");
    assertThat(handled).containsExactly("text 1", "text 2", "text 3");
  }

  @Test
  void whatFailsComesAgainWithAllThatFollows() throws IOException {
    assertThat(call(failing("102"), records(3))).isEqualTo("{\"batchItemFailures\":[{\"itemIdentifier\":\"102\"}]}");
    assertThat(handled).containsExactly("text 1");
    assertThat(call(failing("101"), records(2))).isEqualTo("{\"batchItemFailures\":[{\"itemIdentifier\":\"101\"}]}");
  }

  @Test
  void recordsForWhichNoTimeIsLeftComeAgain() {
    List<StreamRecord> records = List.of("1", "2", "3").stream()
        .map(number -> new StreamRecord("e" + number, "INSERT", number, null, null, null)).toList();
    Invocation late = new Invocation("late", Instant.now(), Instant.now());
    assertThat(StreamStep.each((record, invocation) -> handled.add(record.sequenceNumber())).handle(records, late))
        .contains(records.get(1));
    assertThat(handled).as("at least one, or nothing would ever be done").containsExactly("1");
  }

  @Test
  void aBatchStepSaysWhereItStopped() throws IOException {
    StreamFunction half = new Stream((records, invocation) -> Optional.of(records.get(1)));
    assertThat(call(half, records(3))).contains("\"102\"");
    StreamFunction none = new Stream((records, invocation) -> {
      throw new StackOverflowError();
    });
    assertThat(call(none, records(3))).contains("\"101\"");
  }

  @Test
  void theWeeklyCallHasNoRecords() throws IOException {
    assertThat(call(failing("none"), "{\"source\":\"modelops.weekly\"}")).isEqualTo("{\"batchItemFailures\":[]}");
    assertThat(handled).isEmpty();
  }

  @Test
  void whatTheStreamLostIsCaughtUpWithByItself() throws IOException {
    List<String> ticks = new ArrayList<>();
    Stream stream = new Stream(StreamStep.each((record, invocation) -> {}), invocation -> {
      ticks.add(invocation.requestId());
      return 1;
    });
    assertThat(call(stream, "{\"source\":\"modelops.catch-up\"}")).isEqualTo("{\"batchItemFailures\":[]}");
    assertThat(call(stream, records(1))).isEqualTo("{\"batchItemFailures\":[]}");
    assertThat(ticks).hasSize(1);
  }

  @Test
  void imagesAreReadByType() throws IOException {
    List<StreamRecord> seen = new ArrayList<>();
    call(new Stream(StreamStep.each((record, invocation) -> seen.add(record))), records(1));
    StreamRecord record = seen.getFirst();
    assertThat(record.key("pk")).isEqualTo("m#a");
    assertThat(record.number("rev")).hasValue(1);
    assertThat(record.bytes("data").orElseThrow()).containsExactly(1, 2);
    assertThat(record.text("rev")).isEmpty();
    assertThat(record.text("absent")).isEmpty();
    assertThat(record.oldImage()).isNull();
  }

  @Test
  void aTickDoesItsWorkOrFailsAloud() throws IOException {
    assertThat(call(new Schedule(invocation -> 3), "{}")).isEqualTo("{}");
    Schedule failing = new Schedule(invocation -> {
      throw new IllegalStateException("no");
    });
    assertThatThrownBy(() -> call(failing, "{}")).hasMessage("no");
  }
}
