package io.tideline.postgresql;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Where a server on this machine keeps its files. A folder of the right name proves nothing: the
 * server may be in a container, or behind a tunnel. Its lock file tells when it began.
 *
 * @see <a href="https://www.postgresql.org/docs/current/storage-file-layout.html">Database file
 *     layout</a>
 */
final class ServerDisk {
  /** Hidden from roles that may not know it. */
  private static final String FOLDER =
      "SELECT s.setting FROM pg_catalog.pg_settings s WHERE s.name = 'data_directory'";

  /** As the lock file has it: in whole seconds. */
  private static final String BEGAN =
      """
      SELECT pg_catalog.floor(pg_catalog.date_part('epoch', pg_catalog.pg_postmaster_start_time()))
        ::pg_catalog.int8""";

  private static final String TABLESPACE =
      """
      SELECT pg_catalog.pg_tablespace_location(COALESCE(NULLIF(c.reltablespace, 0),
        d.dattablespace))
      FROM pg_catalog.pg_class c, pg_catalog.pg_database d
      WHERE d.datname = pg_catalog.current_database() AND c.oid = %s""";

  /** The line of the lock file that says when the server began. */
  private static final int STARTED = 2;

  private final Session session;
  private final Path folder;

  private ServerDisk(Session session, Path folder) {
    this.session = session;
    this.folder = folder;
  }

  /** The server's folder, if it is on this machine and may be read. */
  static Optional<ServerDisk> of(Session session) throws SQLException {
    String folder = session.text(FOLDER);
    if (folder.isEmpty()) {
      return Optional.empty();
    }
    Path data = Path.of(folder);
    return isOf(data, Long.parseLong(session.text(BEGAN)))
        ? Optional.of(new ServerDisk(session, data))
        : Optional.empty();
  }

  /** Whether the server that has a folder began then; it notes that a moment before or after. */
  private static boolean isOf(Path folder, long began) {
    try {
      List<String> lines =
          Files.readAllLines(folder.resolve("postmaster.pid"), StandardCharsets.ISO_8859_1);
      return lines.size() > STARTED
          && Math.abs(Long.parseLong(lines.get(STARTED).strip()) - began) <= 2;
    } catch (IOException | NumberFormatException e) {
      return false; // not there, or not ours to read: then nobody knows
    }
  }

  /** Where the log is written. */
  Path log() {
    return folder.resolve("pg_wal");
  }

  /** Where a table or an index lies. */
  Path of(long oid) throws SQLException {
    String tablespace = session.text(TABLESPACE.formatted(Long.toString(oid)));
    return tablespace.isEmpty() ? folder : Path.of(tablespace);
  }
}
