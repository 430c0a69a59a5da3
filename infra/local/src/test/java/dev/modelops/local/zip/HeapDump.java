package dev.modelops.local.zip;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongPredicate;

/**
 * What was alive in a JVM, by its heap dump (HPROF 1.0.2, the JDK's {@code hprof_b_spec.h}): how many objects of which
 * class, every whole number of 64 bits that is wanted, and whether a text occurs.
 */
final class HeapDump {
  private static final int UTF8 = 0x01;
  private static final int LOAD_CLASS = 0x02;
  private static final int HEAP_DUMP = 0x0c;
  private static final int HEAP_DUMP_SEGMENT = 0x1c;
  private static final int OBJECT = 2;
  private static final int LONG = 11;
  private static final Map<Integer, Integer> SIZES =
      Map.of(OBJECT, 8, 4, 1, 5, 2, 6, 4, 7, 8, 8, 1, 9, 2, 10, 4, LONG, 8);

  private record Field(String name, int type) {}

  /** A field, named by the class that declares it, and what it holds. */
  record Number(String field, long value) {}

  /** Where in an object a field lies. */
  private record Place(String field, int offset) {}

  private final Path file;
  private final LongPredicate wanted;
  private final Map<Long, String> texts = new HashMap<>();
  private final Map<Long, String> classes = new HashMap<>();
  private final Map<String, Integer> counts = new TreeMap<>();
  private final Map<Long, Long> parents = new HashMap<>();
  private final Map<Long, List<Field>> fields = new HashMap<>();
  private final Map<Long, List<Place>> longs = new HashMap<>();
  private final List<Number> numbers = new ArrayList<>();

  private HeapDump(Path file, LongPredicate wanted) {
    this.file = file;
    this.wanted = wanted;
  }

  /**
   * Takes the dump of what is reachable in a process.
   *
   * @param wanted which of the numbers that it holds
   */
  static HeapDump of(long pid, Path file, LongPredicate wanted) {
    try {
      Files.deleteIfExists(file);
      Process jcmd = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin/jcmd").toString(),
          "-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC", String.valueOf(pid), "GC.heap_dump", file.toString())
          .redirectErrorStream(true).start();
      String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (jcmd.waitFor() != 0) {
        throw new IllegalStateException(said);
      }
      HeapDump dump = new HeapDump(file, wanted);
      try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 20))) {
        dump.read(in);
      }
      return dump;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(stopped);
    }
  }

  /** How many objects of each class there are, and that it was loaded at all (0). */
  Map<String, Integer> counts() {
    return counts;
  }

  /** The wanted ones among the numbers that classes and objects hold. */
  List<Number> numbers() {
    return numbers;
  }

  /** Whether a text of Latin letters occurs in any object. */
  boolean holds(String text) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read(DataInputStream in) throws IOException {
    in.skipNBytes("JAVA PROFILE 1.0.2\0".length() + 4L + 8L);
    for (int tag = in.read(); tag >= 0; tag = in.read()) {
      in.skipNBytes(4);
      long length = Integer.toUnsignedLong(in.readInt());
      switch (tag) {
        case UTF8 -> texts.put(in.readLong(), new String(in.readNBytes((int) length - 8), StandardCharsets.UTF_8));
        case LOAD_CLASS -> {
          in.skipNBytes(4);
          long id = in.readLong();
          in.skipNBytes(4);
          String name = texts.getOrDefault(in.readLong(), "?").replace('/', '.');
          classes.put(id, name);
          counts.putIfAbsent(name, 0);
        }
        case HEAP_DUMP, HEAP_DUMP_SEGMENT -> segment(in, length);
        default -> in.skipNBytes(length);
      }
    }
  }

  private void segment(DataInputStream in, long length) throws IOException {
    long left = length;
    while (left > 0) {
      int tag = in.readUnsignedByte();
      left -= 1 + switch (tag) {
        case 0xff, 0x05, 0x07 -> skip(in, 8);
        case 0x01 -> skip(in, 16);
        case 0x04, 0x06 -> skip(in, 12);
        case 0x02, 0x03, 0x08 -> skip(in, 16);
        case 0x20 -> describe(in);
        case 0x21 -> object(in);
        case 0x22 -> objects(in);
        case 0x23 -> values(in);
        default -> throw new IOException("unknown record " + tag);
      };
    }
  }

  private static long skip(DataInputStream in, long bytes) throws IOException {
    in.skipNBytes(bytes);
    return bytes;
  }

  private long describe(DataInputStream in) throws IOException {
    long id = in.readLong();
    in.skipNBytes(4);
    parents.put(id, in.readLong());
    long read = 20 + skip(in, 5 * 8 + 4);
    int constants = in.readUnsignedShort();
    read += 2;
    for (int i = 0; i < constants; i++) {
      in.skipNBytes(2);
      read += 3 + skip(in, size(in.readUnsignedByte()));
    }
    int statics = in.readUnsignedShort();
    read += 2;
    for (int i = 0; i < statics; i++) {
      String name = texts.getOrDefault(in.readLong(), "?");
      int type = in.readUnsignedByte();
      read += 9 + size(type);
      if (type == LONG) {
        number(classes.getOrDefault(id, "?") + "." + name, in.readLong());
      } else {
        in.skipNBytes(size(type));
      }
    }
    int own = in.readUnsignedShort();
    read += 2;
    List<Field> declared = new ArrayList<>();
    for (int i = 0; i < own; i++) {
      declared.add(new Field(texts.getOrDefault(in.readLong(), "?"), in.readUnsignedByte()));
      read += 9;
    }
    fields.put(id, declared);
    return read;
  }

  private long object(DataInputStream in) throws IOException {
    in.skipNBytes(12);
    long type = in.readLong();
    int length = in.readInt();
    counts.merge(classes.getOrDefault(type, "?"), 1, Integer::sum);
    int at = 0;
    for (Place place : longs.computeIfAbsent(type, this::places)) {
      in.skipNBytes(place.offset() - at);
      number(place.field(), in.readLong());
      at = place.offset() + 8;
    }
    in.skipNBytes(length - at);
    return 24 + length;
  }

  /** An object's own fields come first, then those of its parents. Classes are described before all objects. */
  private List<Place> places(Long type) {
    if (!fields.containsKey(type)) {
      throw new IllegalStateException("an object comes before its class " + classes.get(type));
    }
    List<Place> places = new ArrayList<>();
    int at = 0;
    for (Long each = type; each != null; each = parents.get(each)) {
      for (Field field : fields.getOrDefault(each, List.of())) {
        if (field.type() == LONG) {
          places.add(new Place(classes.getOrDefault(each, "?") + "." + field.name(), at));
        }
        at += size(field.type());
      }
    }
    return places;
  }

  private void number(String field, long value) {
    if (wanted.test(value)) {
      numbers.add(new Number(field, value));
    }
  }

  private static long objects(DataInputStream in) throws IOException {
    in.skipNBytes(12);
    long length = Integer.toUnsignedLong(in.readInt());
    return 16 + skip(in, 8 + 8 * length);
  }

  private static long values(DataInputStream in) throws IOException {
    in.skipNBytes(12);
    long length = Integer.toUnsignedLong(in.readInt());
    return 17 + skip(in, length * size(in.readUnsignedByte()));
  }

  private static int size(int type) {
    Integer size = SIZES.get(type);
    if (size == null) {
      throw new IllegalStateException("unknown type " + type);
    }
    return size;
  }
}
