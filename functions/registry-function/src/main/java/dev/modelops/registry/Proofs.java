package dev.modelops.registry;

import dev.modelops.domain.change.Unavailable;
import dev.modelops.domain.problem.Violation;
import dev.modelops.domain.registry.Artifact;
import dev.modelops.domain.registry.ArtifactStore;
import dev.modelops.domain.registry.ArtifactStore.Finding;
import dev.modelops.domain.registry.ArtifactStore.Missing;
import dev.modelops.domain.registry.ArtifactStore.NoChecksum;
import dev.modelops.domain.registry.ArtifactStore.OtherChecksum;
import dev.modelops.domain.registry.ArtifactStore.OtherSize;
import dev.modelops.domain.registry.ArtifactStore.Proved;
import dev.modelops.domain.registry.Version;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Asks the store about all files of a version at the same time. */
final class Proofs {

  /** Calls that are under way at once: what one function's connections carry. */
  private static final int AT_ONCE = 16;

  private final ArtifactStore store;
  private final Clock clock;

  @Inject
  Proofs(ArtifactStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /** What is not there as declared, each file by name; empty when all is. */
  List<Violation> missing(Version version, List<Artifact> artifacts, Instant deadline) {
    List<Callable<Finding>> questions = artifacts.stream()
        .<Callable<Finding>>map(artifact -> () -> store.verify(version.model(), version.version(), artifact)).toList();
    List<Violation> missing = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
      long left = Duration.between(clock.instant(), deadline).toMillis();
      List<Future<Finding>> answers = threads.invokeAll(questions, Math.max(left, 1), TimeUnit.MILLISECONDS);
      for (int i = 0; i < answers.size(); i++) {
        Violation violation = violation(i, artifacts.get(i), answers.get(i).get());
        if (violation != null) {
          missing.add(violation);
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e);
    } catch (CancellationException e) {
      throw new Unavailable("the store of artifacts did not answer for all files in time", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable("interrupted while asking for files", e);
    }
    return missing;
  }

  private static @Nullable Violation violation(int index, Artifact artifact, Finding finding) {
    String pointer = "/artifacts/" + index;
    return switch (finding) {
      case Proved proved -> null;
      case Missing missing ->
        new Violation(pointer, "missing", artifact.path() + " has not been uploaded", null);
      case OtherSize other -> new Violation(pointer + "/size", "size",
          artifact.path() + " has " + other.found() + " bytes where " + artifact.size() + " were declared", null);
      case OtherChecksum other -> new Violation(pointer + "/sha256", "checksum",
          artifact.path() + " has the SHA-256 " + other.found() + ", not the declared one", null);
      case NoChecksum none -> new Violation(pointer + "/sha256", "checksum",
          artifact.path() + " was stored without a SHA-256: upload it by a grant", null);
    };
  }
}
