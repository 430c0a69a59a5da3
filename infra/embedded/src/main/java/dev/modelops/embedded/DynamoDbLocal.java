package dev.modelops.embedded;

import com.almworks.sqlite4java.SQLiteConnection;
import com.almworks.sqlite4java.SQLiteException;
import com.amazonaws.services.dynamodbv2.local.main.ServerRunner;
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
 * The main class of DynamoDB Local's process: puts its databases into SQLite's write-ahead mode before it opens them. A
 * commit then waits for the disk once, where it otherwise does so for the journal, the database and the folder. The mode
 * is kept in the file (https://sqlite.org/wal.html, "Persistence of WAL mode"), so it holds for DynamoDB Local's own
 * connection, which nothing else reaches.
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
        writeAhead(database);
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

  private static void writeAhead(Path database) throws SQLiteException {
    SQLiteConnection connection = new SQLiteConnection(database.toFile());
    try {
      connection.open(true).exec("PRAGMA journal_mode = WAL");
    } finally {
      connection.dispose();
    }
  }
}
