package dev.modelops.embedded;

import com.almworks.sqlite4java.SQLiteConnection;
import com.almworks.sqlite4java.SQLiteException;
import com.amazonaws.services.dynamodbv2.local.main.ServerRunner;
import com.amazonaws.services.dynamodbv2.local.shared.access.sqlite.SQLiteDBAccess;
import com.amazonaws.services.dynamodbv2.local.shared.access.sqlite.SQLiteLibraryLoader;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The main class of DynamoDB Local's process: prepares its databases before it opens them, since nothing else reaches its
 * own connection.
 * <ul>
 * <li>SQLite's write-ahead mode: a commit waits for the disk once, where it otherwise does so for the journal, the
 * database and the folder. The mode is kept in the file (https://sqlite.org/wal.html, "Persistence of WAL mode").
 * <li>Indexes of the records of all streams, which lie in one table without any. With every write to a table that has a
 * stream, and every look at a stream, DynamoDB Local asks for the first record of that stream, and for a shard's first
 * and last: it reads all records of the other streams until it meets one.
 * </ul>
 *
 * <p>Arguments: the folder of the databases, empty when they are in memory; then those of DynamoDB Local.
 */
final class DynamoDbLocal {

  private DynamoDbLocal() {}

  public static void main(String[] args) throws Throwable {
    if (!args[0].isEmpty()) {
      Logger.getLogger("com.almworks.sqlite4java").setLevel(Level.OFF);
      SQLiteLibraryLoader.initialize();
      for (Path database : databases(Path.of(args[0]))) {
        prepare(database);
      }
    }
    String[] rest = new String[args.length - 1];
    System.arraycopy(args, 1, rest, 0, rest.length);
    ServerRunner.main(rest);
  }

  /** All that are there, and the local runtime's, which its first start would make. */
  private static Set<Path> databases(Path folder) throws IOException {
    Set<Path> databases = new TreeSet<>();
    databases.add(folder.resolve(LocalAws.NAME + "_" + LocalAws.REGION + ".db"));
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*.db")) {
      found.forEach(databases::add);
    }
    return databases;
  }

  private static void prepare(Path database) throws SQLiteException, InterruptedException {
    new LibraryTables(database).closed();
    SQLiteConnection connection = new SQLiteConnection(database.toFile());
    try {
      connection.open(false).exec("PRAGMA journal_mode = WAL")
          .exec("CREATE INDEX IF NOT EXISTS records_of_stream ON us (StreamID)")
          .exec("CREATE INDEX IF NOT EXISTS records_of_shard ON us (ShardID)");
    } finally {
      connection.dispose();
    }
  }

  /** A database with the tables that the library makes in every new one. */
  private static final class LibraryTables extends SQLiteDBAccess {
    LibraryTables(Path database) {
      super(database.toFile());
    }

    /** Returns when the file is closed: until then nobody else may write to it. */
    void closed() throws InterruptedException {
      close();
      queue.join();
    }
  }
}
