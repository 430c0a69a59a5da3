package dev.modelops.domain.registry;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a version is made of. Never changes; its digest (SHA-256 over canonical JSON) names it.
 *
 * @param artifacts files to upload; at most 100
 * @param references inert URIs in place of files ({@code oci://…@sha256:…}, {@code s3://…}, {@code hf://…@revision}):
 *     never fetched, so that the version is {@link Proof#DECLARED}, not proved
 * @param inputSchema JSON Schema of one input
 * @param outputSchema JSON Schema of one output
 * @param trainingMetrics by name
 * @param datasets references to the data it was made from
 * @param upstream model versions that it builds on
 */
public record Manifest(List<Artifact> artifacts, List<Reference> references, @Nullable Map<String, Object> inputSchema,
    @Nullable Map<String, Object> outputSchema, Map<String, Object> parameters, Map<String, Double> trainingMetrics,
    @Nullable SourceRun sourceRun, @Nullable String gitCommit, List<DatasetReference> datasets,
    List<Upstream> upstream) {

  /** An inert URI; {@code format} as in {@link Artifact}. */
  public record Reference(String uri, @Nullable String format) {}

  /** The run that made the version, in the system that ran it. */
  public record SourceRun(String system, String id, @Nullable String url) {}

  /** A data set: its URI or name, and what is known of its state and use. */
  public record DatasetReference(String uri, @Nullable String digest, @Nullable String role) {}

  /** Another model's version. */
  public record Upstream(String model, int version) {}

  /** Whether bytes were verified by us, or only named. */
  public enum Proof {
    PROVED,
    DECLARED
  }

  public Manifest {
    artifacts = List.copyOf(artifacts);
    references = List.copyOf(references);
    parameters = Map.copyOf(parameters);
    trainingMetrics = Map.copyOf(trainingMetrics);
    datasets = List.copyOf(datasets);
    upstream = List.copyOf(upstream);
  }

  /** Proved only when there are files and nothing is merely referred to. */
  public Proof proof() {
    return !artifacts.isEmpty() && references.isEmpty() ? Proof.PROVED : Proof.DECLARED;
  }
}
