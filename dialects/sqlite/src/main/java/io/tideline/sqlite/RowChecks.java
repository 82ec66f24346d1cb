package io.tideline.sqlite;

import io.tideline.dialect.ShellWord;
import io.tideline.dialect.UnseenException;
import io.tideline.health.Check;
import io.tideline.health.Figures;
import io.tideline.health.Finding;
import io.tideline.health.Remedy;
import io.tideline.health.Severity;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sqlite.SQLiteErrorCode;

/** Whether the file is what SQLite wrote. */
final class RowChecks {
  /** What .dump leaves out: the settings that the file itself remembers. */
  private static final String NOT_DUMPED =
      "SELECT 'PRAGMA page_size=' || page_size || '; PRAGMA auto_vacuum=' || auto_vacuum"
          + " || '; PRAGMA encoding=''' || encoding || '''; PRAGMA application_id='"
          + " || application_id || '; PRAGMA user_version=' || user_version || ';'"
          + " FROM pragma_page_size, pragma_auto_vacuum, pragma_encoding, pragma_application_id,"
          + " pragma_user_version";

  /** Last: the file must have its settings and rows before it gets a log. */
  private static final String LOGGED =
      "SELECT 'PRAGMA journal_mode=wal;' FROM pragma_journal_mode WHERE journal_mode = 'wal'";

  /** What an index lacks or has too much: the table itself is whole. */
  private static final Pattern OF_INDEX =
      Pattern.compile(
          "(?:row \\d+ missing from index|wrong # of entries in index|non-unique entry in index|"
              + "row \\d+ values differ from index|rowid not at end-of-record for row \\d+ of index)"
              + " (.+)");

  /** Rows that a constraint added later would refuse. */
  private static final Pattern OF_ROWS =
      Pattern.compile(
          "(?:NULL value in|CHECK constraint failed in|NUMERIC value in|TEXT value in).*");

  private static final int MESSAGES = 20;
  private static final String RECOVERED = ".recovered";

  private final Watched watched;
  private final SqliteExaminer examiner;

  RowChecks(Watched watched, SqliteExaminer examiner) {
    this.watched = watched;
    this.examiner = examiner;
  }

  /**
   * Reads the whole file.
   *
   * @see <a href="https://sqlite.org/pragma.html#pragma_integrity_check">integrity_check</a>
   */
  List<Finding> integrity() {
    List<String> messages = checked();
    if (messages.equals(List.of("ok"))) {
      return List.of();
    }
    Set<String> indexes = new LinkedHashSet<>();
    int rows = 0;
    for (String message : messages) {
      Matcher index = OF_INDEX.matcher(message);
      if (index.matches()) {
        indexes.add(index.group(1));
      } else if (ofRows(message)) {
        rows++;
      }
    }
    boolean onlyRows = rows == messages.size();
    boolean onlyIndexes =
        indexes.size() > 0 && messages.stream().allMatch(m -> OF_INDEX.matcher(m).matches());
    Finding finding =
        Finding.of(
            Check.DAMAGED,
            onlyRows ? Severity.WARNING : Severity.CRITICAL,
            onlyIndexes ? String.join(", ", indexes) : "the file",
            Figures.count(messages.size(), "problem")
                + (messages.size() == MESSAGES ? " at least" : "")
                + ", the first: "
                + messages.get(0).replace('\n', ' '));
    return List.of(
        onlyIndexes
            ? finding.mend(
                indexes.stream()
                    .map(index -> Remedy.sql("REINDEX " + Sql.quote(index) + ";"))
                    .toArray(Remedy[]::new))
            : onlyRows ? finding : finding.mend(recover(), exchange()));
  }

  /** Where the damage is such that the check itself ends by it, that is its only message. */
  private List<String> checked() {
    try {
      return watched
          .ask(session -> session.strings("PRAGMA main.integrity_check(" + MESSAGES + ")"))
          .stream()
          .map(row -> row[0])
          .toList();
    } catch (UnseenException e) {
      if (e.getCause() instanceof SQLException cause
          && Failures.primary(cause) == SQLiteErrorCode.SQLITE_CORRUPT) {
        return List.of(Failures.reason(cause));
      }
      throw e;
    }
  }

  /** Whether a message of the check is of rows that a constraint would refuse, and of no damage. */
  static boolean ofRows(String message) {
    return OF_ROWS.matcher(message).matches();
  }

  /** SQLite's own shell reads around what is damaged; not every build of it knows .recover. */
  private Remedy recover() {
    String place = examiner.place();
    return Remedy.shell(
        ("test ! -e %2$s && { sqlite3 %1$s \"%3$s\"; sqlite3 %1$s .dump"
                + " | sed 's/^ROLLBACK; -- due to errors/COMMIT;/'; sqlite3 %1$s \"%4$s\"; }"
                + " | sqlite3 %2$s")
            .formatted(ShellWord.of(place), ShellWord.of(place + RECOVERED), NOT_DUMPED, LOGGED),
        "better take a backup if there is one ('tideline backup list', 'tideline backup restore FILE"
            + " --to NEWFILE'); else this saves into another file what can be read (text ends at its"
            + " first zero character), and .recover in the place of .dump saves more, where the shell"
            + " knows it. What an earlier try left in that file, remove first");
  }

  /** A log or journal that stays behind would be taken for that of the new file. */
  private Remedy exchange() {
    String place = ShellWord.of(examiner.place());
    return Remedy.shell(
        ("test -s %3$s && test ! -e %2$s && mv %1$s %2$s"
                + " && { test ! -e %1$s-wal || mv %1$s-wal %2$s-wal; }"
                + " && { test ! -e %1$s-journal || mv %1$s-journal %2$s-journal; }"
                + " && { test ! -e %1$s-shm || mv %1$s-shm %2$s-shm; } && mv %3$s %1$s")
            .formatted(
                place,
                ShellWord.of(examiner.place() + ".damaged"),
                ShellWord.of(examiner.place() + RECOVERED)),
        "only after a look at what was saved, and while no process has it open; the damaged file"
            + " stays beside it");
  }
}
