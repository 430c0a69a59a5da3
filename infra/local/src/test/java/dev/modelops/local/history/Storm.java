package dev.modelops.local.history;

import dev.modelops.testkit.Faults;
import dev.modelops.testkit.Faults.Armed;
import dev.modelops.testkit.Faults.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/** Faults of AWS of every kind, at a rate, for as long as it is open. */
final class Storm implements AutoCloseable {

  private final List<Armed> faults = new ArrayList<>();
  private final Random random;
  private final double rate;

  Storm(double rate, long seed) {
    this.rate = rate;
    this.random = new Random(seed);
    for (Kind kind : Kind.values()) {
      faults.add(Faults.arm(kind, request -> hits(kind).test(request) && random.nextDouble() < this.rate,
          Integer.MAX_VALUE));
    }
  }

  private static Predicate<SdkRequest> hits(Kind kind) {
    return switch (kind) {
      // Grants are signed here, and sent by others.
      case NOT_SENT, ANSWER_LOST ->
        request -> !(request instanceof PutObjectRequest) && !(request instanceof GetObjectRequest);
      case THROTTLED -> DynamoDbRequest.class::isInstance;
      case CONFLICT, IN_PROGRESS -> TransactWriteItemsRequest.class::isInstance;
    };
  }

  int struck() {
    return faults.stream().mapToInt(Armed::struck).sum();
  }

  @Override
  public void close() {
    faults.forEach(Armed::close);
  }
}
