package dev.modelops.local.history;

import dev.modelops.embedded.TestAws;
import dev.modelops.testkit.Faults;
import dev.modelops.testkit.Faults.Armed;
import dev.modelops.testkit.Faults.Kind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/** Faults of AWS of every kind on one test's tables and buckets, at a rate, for as long as it is open. */
final class Storm implements AutoCloseable {

  private final List<Armed> faults = new ArrayList<>();
  private final String stack;
  private final Random random;
  private final double rate;

  Storm(TestAws aws, double rate, long seed) {
    String records = aws.physicalName("RecordsTable");
    this.stack = records.substring(0, records.lastIndexOf('-') + 1);
    this.rate = rate;
    this.random = new Random(seed);
    // Whoever is killed stays dead, which no storm is about.
    for (Kind kind : EnumSet.range(Kind.NOT_SENT, Kind.PARTLY_PROCESSED)) {
      faults.add(Faults.arm(kind, request -> !signed(request) && random.nextDouble() < this.rate
          && request.toString().contains(stack), Integer.MAX_VALUE));
    }
  }

  /** Grants are signed here, and sent by others. */
  private static boolean signed(SdkRequest request) {
    return request instanceof PutObjectRequest || request instanceof GetObjectRequest;
  }

  int struck() {
    return faults.stream().mapToInt(Armed::struck).sum();
  }

  @Override
  public void close() {
    faults.forEach(Armed::close);
  }
}
