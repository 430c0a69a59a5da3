package dev.modelops.registry;

import dev.modelops.domain.registry.Artifact;
import dev.modelops.domain.registry.Manifest;
import dev.modelops.domain.registry.Manifest.DatasetReference;
import dev.modelops.domain.registry.Manifest.Reference;
import dev.modelops.domain.registry.Manifest.SourceRun;
import dev.modelops.domain.registry.Manifest.Upstream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A version as its creator describes it: what may change later, and the manifest, which never does. */
record VersionContent(@Nullable String externalId, @Nullable String description, Map<String, String> tags,
    List<Artifact> artifacts, List<Reference> references, @Nullable Map<String, Object> inputSchema,
    @Nullable Map<String, Object> outputSchema, Map<String, Object> parameters, Map<String, Double> trainingMetrics,
    @Nullable SourceRun sourceRun, @Nullable String gitCommit, List<DatasetReference> datasets,
    List<Upstream> upstream) {

  Manifest manifest() {
    return new Manifest(artifacts, references, inputSchema, outputSchema, parameters, trainingMetrics, sourceRun,
        gitCommit, datasets, upstream);
  }
}
