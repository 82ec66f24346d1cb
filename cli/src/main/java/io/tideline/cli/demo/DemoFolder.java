package io.tideline.cli.demo;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The folder in which the demonstration happens; it only ever removes what it made itself. */
public final class DemoFolder {
  private static final String MARK = ".tideline-demo";
  private static final String CONFIG =
      """
      # yaml-language-server: $schema=.tideline/tideline.schema.json
      version: 1
      database: sqlite:store.db
      archive: ./archive
      floor: 7d
      policies:
        usage-history:
          table: usage_history
          time: recorded_at
          retain: ${CODEX_LB_USAGE_HISTORY_RETENTION_DAYS:-7d}
          # An idle account's newest rows stay, however old: the accounts page needs them.
          keep_latest: {per: [account_id, window], rows: 1}
        request-logs:
          table: request_logs
          time: requested_at
          retain: ${CODEX_LB_REQUEST_LOGS_RETENTION_DAYS:-30d}
      """;

  private final Path folder;

  /** A folder that need not exist. */
  public DemoFolder(Path folder) {
    this.folder = folder;
  }

  /** The database. */
  public Path store() {
    return folder.resolve("store.db");
  }

  /** The copy of the database as it was. */
  public Path original() {
    return folder.resolve("original.db");
  }

  /**
   * Makes the database and its configuration anew.
   *
   * @param store what to make
   * @param now the youngest rows are just older
   * @param schema the text of the JSON Schema that the configuration names
   * @throws TidelineException {@code ARGUMENT_INVALID} if the folder holds anything that no
   *     demonstration made, or cannot be written to; nothing was changed then
   */
  public void make(CodexLbStore store, Instant now, String schema) {
    try {
      prepare();
      store.create(store(), now);
      Files.createDirectories(folder.resolve(".tideline"));
      Files.writeString(folder.resolve(".tideline/tideline.schema.json"), schema);
      Files.writeString(folder.resolve("tideline.yaml"), CONFIG);
    } catch (IOException | SQLException e) {
      throw new TidelineException(
          ErrorCode.ARGUMENT_INVALID,
          "Cannot make the demonstration in " + folder + ": " + e.getMessage() + ".",
          "No database of yours was touched.",
          "Name a folder that you may write to: tideline demo DIR.",
          e);
    }
  }

  /** Copies the database as it is; no process may have it open. */
  public void keepOriginal() throws IOException {
    Files.copy(store(), original());
  }

  private void prepare() throws IOException {
    if (Files.isDirectory(folder) && !isEmpty()) {
      if (!Files.exists(folder.resolve(MARK))) {
        throw new TidelineException(
            ErrorCode.ARGUMENT_INVALID,
            "Cannot make the demonstration in "
                + folder
                + ": the folder is not empty, and no"
                + " demonstration made it.",
            "Nothing was changed.",
            "Name an empty or new folder: tideline demo DIR.");
      }
      clear();
    }
    Files.createDirectories(folder);
    Files.writeString(folder.resolve(MARK), "Made by 'tideline demo', which may remove it.\n");
  }

  private boolean isEmpty() throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      return !entries.iterator().hasNext();
    }
  }

  private void clear() throws IOException {
    for (String name :
        List.of(
            "store.db",
            "store.db-wal",
            "store.db-shm",
            "store.db.tideline",
            "original.db",
            "tideline.yaml")) {
      Files.deleteIfExists(folder.resolve(name));
    }
    for (String name : List.of("archive", ".tideline")) {
      if (Files.isDirectory(folder.resolve(name))) {
        try (Stream<Path> tree = Files.walk(folder.resolve(name))) {
          for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(path);
          }
        }
      }
    }
  }
}
