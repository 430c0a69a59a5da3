package dev.modelops.local.stream;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * How far a source was read, in a file of its own: replaced as a whole, so that a kill at any moment leaves the old or the
 * new state. It never runs ahead of what is settled.
 */
final class Checkpoint {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Path file;
  private final String streamArn;
  private final TreeMap<String, Position> shards;

  /**
   * @param sequence last settled record; null when there was none
   * @param ended nothing comes any more
   */
  record Position(@Nullable String sequence, boolean ended) {}

  /** What the file holds; another stream's positions are worth nothing. */
  private record State(String streamArn, TreeMap<String, Position> shards) {}

  private Checkpoint(Path file, String streamArn, TreeMap<String, Position> shards) {
    this.file = file;
    this.streamArn = streamArn;
    this.shards = shards;
  }

  static Checkpoint load(Path file, String streamArn) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      if (Files.exists(file)) {
        State state = JSON.readValue(Files.readAllBytes(file), State.class);
        if (state.streamArn.equals(streamArn)) {
          return new Checkpoint(file, streamArn, state.shards);
        }
      }
      return new Checkpoint(file, streamArn, new TreeMap<>());
    } catch (JacksonException | IOException e) {
      throw new IllegalStateException("Cannot read " + file + ": delete it to read its stream from the beginning.", e);
    }
  }

  Optional<String> sequence(String shard) {
    return Optional.ofNullable(shards.get(shard)).flatMap(position -> Optional.ofNullable(position.sequence));
  }

  boolean ended(String shard) {
    Position position = shards.get(shard);
    return position != null && position.ended;
  }

  void settled(String shard, String sequence) {
    shards.put(shard, new Position(sequence, false));
    save();
  }

  void ended(String shard, Collection<String> stillListed) {
    shards.put(shard, new Position(sequence(shard).orElse(null), true));
    shards.keySet().retainAll(stillListed);
    save();
  }

  private void save() {
    try {
      Path whole = file.resolveSibling(file.getFileName() + ".new");
      Files.write(whole, JSON.writeValueAsBytes(new State(streamArn, shards)));
      Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
