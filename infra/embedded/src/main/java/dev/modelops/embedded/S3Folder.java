package dev.modelops.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes a folder that S3Mock left behind readable for it again. S3Mock rewrites {@code bucketMetadata.json}, which lists
 * all keys of a bucket, in place on every change: killed in the middle it leaves a file on which it fails later. All
 * that the file says can be found again in the objects' own files:
 *
 * <pre>
 * bucket/bucketMetadata.json                      name, versioning, and key → id of every object
 * bucket/&lt;id&gt;/objectMetadata.json                key of the object; with versions &lt;version&gt;-objectMetadata.json
 * bucket/&lt;id&gt;/versions.json                      the versions, oldest first
 * </pre>
 *
 * An object whose own file is unreadable was never acknowledged (it is written before the answer); it is put aside.
 */
final class S3Folder {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String BUCKET_FILE = "bucketMetadata.json";
  private static final String OBJECT_FILE = "objectMetadata.json";
  private static final String VERSIONS_FILE = "versions.json";

  private final Path bucket;

  private S3Folder(Path bucket) {
    this.bucket = bucket;
  }

  /** Mends every bucket under {@code root}; tells {@code progress} what it had to do. */
  static void mend(Path root, Consumer<String> progress) {
    if (!Files.isDirectory(root)) {
      return;
    }
    try {
      for (Path bucket : folders(root)) {
        if (!bucket.getFileName().toString().startsWith(".")) {
          new S3Folder(bucket).mend().ifPresent(progress);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot mend " + root, e);
    }
  }

  private Optional<String> mend() throws IOException {
    Path file = bucket.resolve(BUCKET_FILE);
    Optional<Map<?, ?>> metadata = read(file);
    Map<String, String> listed = new TreeMap<>();
    metadata.map(map -> Tree.of(map).map("objects"))
        .ifPresent(objects -> objects.values().forEach((key, id) -> listed.put((String) key, (String) id)));
    List<Path> objects = folders(bucket).stream().filter(S3Folder::isObject).toList();
    if (metadata.isPresent() && listed.size() == objects.size()
        && objects.stream()
            .allMatch(object -> listed.containsValue(object.getFileName().toString()) && isWhole(object))) {
      return Optional.empty();
    }
    Map<String, String> found = new TreeMap<>();
    for (Path object : objects) {
      Optional<String> key = mendObject(object);
      if (key.isPresent()) {
        found.put(key.get(), object.getFileName().toString());
      } else {
        putAside(object);
      }
    }
    Map<Object, @Nullable Object> mended = new LinkedHashMap<>(metadata.orElseGet(this::unreadableBucket));
    mended.put("objects", found);
    write(file, mended);
    return Optional.of("S3Mock was killed while it wrote: found " + found.size() + " objects of " + bucket.getFileName()
        + " again");
  }

  private static boolean isObject(Path folder) {
    try {
      UUID.fromString(folder.getFileName().toString());
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** A file that was cut short does not end with a brace; reading each in full would take seconds for many objects. */
  private static boolean isWhole(Path object) {
    try {
      List<Path> metadata = metadata(object);
      Path versions = object.resolve(VERSIONS_FILE);
      return !metadata.isEmpty() && metadata.stream().allMatch(S3Folder::endsWithBrace)
          && (!Files.exists(versions) || endsWithBrace(versions));
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean endsWithBrace(Path file) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      return bytes.length > 1 && bytes[bytes.length - 1] == '}';
    } catch (IOException e) {
      return false;
    }
  }

  private record Version(String key, @Nullable String version, long modified) {}

  /** The object's key, its list of versions rewritten from what is there; empty if nothing of it is readable. */
  private static Optional<String> mendObject(Path object) throws IOException {
    List<Version> versions = metadata(object).stream().map(S3Folder::version).flatMap(Optional::stream)
        .sorted(Comparator.comparingLong(Version::modified)).toList();
    if (versions.isEmpty()) {
      return Optional.empty();
    }
    List<String> ids = versions.stream().map(Version::version).flatMap(id -> Optional.ofNullable(id).stream()).toList();
    if (!ids.isEmpty()) {
      for (Path file : metadata(object)) {
        if (version(file).isEmpty()) {
          Files.delete(file);
        }
      }
      write(object.resolve(VERSIONS_FILE), Map.of("id", object.getFileName().toString(), "versions", ids));
    }
    return Optional.of(versions.getLast().key());
  }

  private static Optional<Version> version(Path file) {
    return read(file).map(Tree::of).flatMap(tree -> tree.text("key").map(key -> new Version(key,
        tree.text("versionId").orElse(null), tree.text("lastModified").map(Long::parseLong).orElse(0L))));
  }

  private static List<Path> metadata(Path object) throws IOException {
    try (Stream<Path> files = Files.list(object)) {
      return files.filter(file -> file.getFileName().toString().endsWith(OBJECT_FILE)).sorted().toList();
    }
  }

  /** What S3Mock writes for a new bucket. Versioning is set again by whoever sets the bucket up. */
  private Map<Object, @Nullable Object> unreadableBucket() {
    boolean versioned;
    try (Stream<Path> files = Files.find(bucket, 2, (file, attributes) -> file.endsWith(VERSIONS_FILE))) {
      versioned = files.findAny().isPresent();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<Object, @Nullable Object> metadata = new LinkedHashMap<>();
    metadata.put("name", bucket.getFileName().toString());
    metadata.put("creationDate", "2026-01-01T00:00:00.000Z");
    Map<String, @Nullable Object> versioning = new LinkedHashMap<>();
    versioning.put("MfaDelete", null);
    versioning.put("Status", versioned ? "Enabled" : null);
    metadata.put("versioningConfiguration", versioning);
    metadata.put("objectLockConfiguration", null);
    metadata.put("bucketLifecycleConfiguration", null);
    metadata.put("objectOwnership", "BucketOwnerEnforced");
    metadata.put("path", bucket.toUri().toString());
    metadata.put("bucketRegion", LocalAws.REGION);
    metadata.put("bucketInfo", null);
    metadata.put("locationInfo", null);
    return metadata;
  }

  private void putAside(Path object) throws IOException {
    // Beside the buckets' folder, where S3Mock does not look.
    Path aside = Files.createDirectories(bucket.resolveSibling("../s3-unfinished").normalize());
    Files.move(object, aside.resolve(object.getFileName()), StandardCopyOption.REPLACE_EXISTING);
  }

  private static Optional<Map<?, ?>> read(Path file) {
    try {
      return Optional.of(JSON.readValue(Files.readAllBytes(file), Map.class));
    } catch (IOException | JacksonException e) {
      return Optional.empty();
    }
  }

  private static void write(Path file, Map<?, ?> content) throws IOException {
    Path whole = file.resolveSibling(file.getFileName() + ".new");
    Files.write(whole, JSON.writeValueAsBytes(content));
    Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static List<Path> folders(Path folder) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children.filter(Files::isDirectory).sorted().toList();
    }
  }
}
