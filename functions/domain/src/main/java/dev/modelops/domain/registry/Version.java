package dev.modelops.domain.registry;

import dev.modelops.domain.Entity;
import dev.modelops.domain.Ref;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A version of a model: its state and what holds it. What it is made of stands in its {@link Manifest}.
 *
 * @param model the model's name as its creator spelled it
 * @param version from 1, increasing, never reused
 * @param externalId the caller's own id (run, build or semantic version), unique in the model
 * @param manifest digest of the manifest
 * @param expiresAt when a pending version expires
 * @param recall why and by whom it was withdrawn
 * @param aliases the aliases that point to it
 * @param liveIn the environments in which it is live
 * @param openDeployments ids of its deployments that are neither live nor ended
 */
public record Version(String model, int version, String department, @Nullable String externalId, State state,
    String manifest, Manifest.Proof proof, @Nullable String gitCommit, @Nullable String description,
    Map<String, String> tags, Instant createdAt, String createdBy, @Nullable String onBehalfOf,
    @Nullable Instant expiresAt, @Nullable Instant readyAt, @Nullable Recall recall, Set<String> aliases,
    Set<String> liveIn, Set<String> openDeployments) implements Entity {

  /**
   * pending → ready → archived or withdrawn; pending → expired. Archiving is undone by nothing; a withdrawn version may
   * still be live, but no gate opens for it again.
   */
  public enum State {
    PENDING,
    READY,
    ARCHIVED,
    WITHDRAWN,
    EXPIRED;

    /** As the API writes it. */
    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A withdrawal. */
  public record Recall(String reason, Instant at, String by) {}

  public Version {
    tags = Map.copyOf(tags);
    aliases = Set.copyOf(aliases);
    liveIn = Set.copyOf(liveIn);
    openDeployments = Set.copyOf(openDeployments);
  }

  @Override
  public Ref ref() {
    return Ref.version(model, version);
  }

  /** With other words about it: the only part that its writer may still change. */
  public Version described(@Nullable String description, Map<String, String> tags) {
    return new Version(model, version, department, externalId, state, manifest, proof, gitCommit, description, tags,
        createdAt, createdBy, onBehalfOf, expiresAt, readyAt, recall, aliases, liveIn, openDeployments);
  }

  /** In another state. Whether the move is legal is asked of {@link VersionMoves}. */
  Version moved(State state, @Nullable Instant expiresAt, @Nullable Instant readyAt, @Nullable Recall recall) {
    return new Version(model, version, department, externalId, state, manifest, proof, gitCommit, description, tags,
        createdAt, createdBy, onBehalfOf, expiresAt, readyAt, recall, aliases, liveIn, openDeployments);
  }

  public Version withAliases(Set<String> aliases) {
    return held(aliases, liveIn, openDeployments);
  }

  public Version withLiveIn(Set<String> liveIn) {
    return held(aliases, liveIn, openDeployments);
  }

  public Version withOpenDeployments(Set<String> openDeployments) {
    return held(aliases, liveIn, openDeployments);
  }

  private Version held(Set<String> aliases, Set<String> liveIn, Set<String> openDeployments) {
    return new Version(model, version, department, externalId, state, manifest, proof, gitCommit, description, tags,
        createdAt, createdBy, onBehalfOf, expiresAt, readyAt, recall, aliases, liveIn, openDeployments);
  }
}
