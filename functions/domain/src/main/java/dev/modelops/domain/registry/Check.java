package dev.modelops.domain.registry;

import dev.modelops.domain.Entity;
import dev.modelops.domain.Ref;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The latest result of a named check of a version, posted by CI. Whether it is required, and what its metrics must be,
 * is the environment's business.
 *
 * @param status the poster's own verdict; it can only fail a required check, never pass one
 * @param report a file that was uploaded with it
 */
public record Check(String model, int version, String name, String department, Status status,
    Map<String, Double> metrics, @Nullable Artifact report, @Nullable String url, Instant postedAt, String postedBy)
    implements
      Entity {

  /** The poster's verdict. */
  public enum Status {
    PASSED,
    FAILED
  }

  public Check {
    metrics = Map.copyOf(metrics);
  }

  @Override
  public Ref ref() {
    return Ref.check(model, version, name);
  }
}
