package io.tideline.query;

import io.tideline.archive.ArchiveView;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Tells failures of a query. */
final class Failures {
  private static final String STATE = "Nothing was changed.";
  private static final int LONGEST = 300;
  private static final Pattern GUESS = Pattern.compile("\\s*Did you mean \"([^\"]*)\"\\??");

  /** DuckDB ends its database over a failure of its own, and repeats it to whoever asks again. */
  private static final Pattern FATAL = Pattern.compile("(?s).*Original error: \"(.*)\"\\s*");

  private static final Pattern INTERNAL = Pattern.compile("(FATAL|INTERNAL) Error: ");

  private final List<ArchiveView> views;

  Failures(List<ArchiveView> views) {
    this.views = views;
  }

  /** Checks that each file is there, because DuckDB would speak of a pattern. */
  void checkFiles() {
    for (ArchiveView view : views) {
      for (ArchiveView.Segment segment : view.segments()) {
        if (!Files.isRegularFile(segment.file())) {
          throw damaged(segment.file(), "it is missing", null);
        }
      }
    }
  }

  TidelineException refused(String why) {
    return new TidelineException(
        ErrorCode.QUERY_REFUSED, "Cannot run the query: " + why + ".", STATE, tables());
  }

  /** DuckDB's failure, or the damage of the file that it names. */
  TidelineException refused(SQLException e) {
    String message = String.valueOf(e.getMessage());
    for (ArchiveView view : views) {
      for (ArchiveView.Segment segment : view.segments()) {
        if (message.contains(segment.file().toAbsolutePath().toString())) {
          return damaged(segment.file(), "DuckDB cannot decode it", e);
        }
      }
    }
    Matcher internal = INTERNAL.matcher(message);
    return internal.lookingAt()
        ? failedInside(message.substring(internal.end()))
        : new TidelineException(
            ErrorCode.QUERY_REFUSED,
            "Cannot run the query: " + shorten(message) + ".",
            STATE,
            tables());
  }

  /** Each query has a database of its own, so nothing needs a restart. */
  private TidelineException failedInside(String message) {
    Matcher fatal = FATAL.matcher(message);
    String original = fatal.matches() ? fatal.group(1) : message;
    return new TidelineException(
        ErrorCode.QUERY_REFUSED,
        "Cannot run the query: DuckDB failed inside itself ("
            + shorten(original.replace("\"\"", "\""))
            + ").",
        STATE,
        "Ask for fewer columns, or cast fewer, to find the value that it cannot handle;"
            + " the next query starts afresh.");
  }

  private static TidelineException damaged(Path file, String why, @Nullable Exception cause) {
    return new TidelineException(
        ErrorCode.ARCHIVE_CORRUPT,
        "Cannot query segment " + file + ": " + why + ".",
        STATE,
        "Run `tideline verify`, and bring the file back from a copy of the archive.",
        cause);
  }

  /** The first paragraph; values of rows, which stand in some messages, are left out. */
  private String shorten(String message) {
    String paragraph = message.split("\n\n", 2)[0].replace('\n', ' ').strip();
    String first = ofOurs(paragraph);
    boolean aboutTheStatement =
        first.startsWith("Parser") || first.startsWith("Binder") || first.startsWith("Catalog");
    String plain =
        aboutTheStatement
            ? first
            : first.replaceAll("'[^']*'|\"[^\"]*\"", "…").replaceAll("\\d+(\\.\\d+)?", "…");
    String end = plain.length() > LONGEST ? plain.substring(0, LONGEST) + "…" : plain;
    return end.replaceAll("[.!]+$", "");
  }

  /** Leaves DuckDB's guess out where it names a table of its own catalogue. */
  private String ofOurs(String message) {
    Matcher guess = GUESS.matcher(message);
    boolean ours =
        guess.find() && views.stream().anyMatch(view -> view.table().equals(guess.group(1)));
    return ours ? message : guess.replaceAll("");
  }

  private String tables() {
    if (views.isEmpty()) {
      return "The archive holds no table yet.";
    }
    return "The archive's tables are "
        + views.stream().map(ArchiveView::table).collect(Collectors.joining(", "))
        + "; ask one SELECT.";
  }
}
