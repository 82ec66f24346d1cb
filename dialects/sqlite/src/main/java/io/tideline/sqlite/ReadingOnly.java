package io.tideline.sqlite;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.tuning.QueryText;
import io.tideline.tuning.SqlPart;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The one place that decides whether a statement only reads. The connection could not write anyway;
 * this refuses what would try, and what reaches outside the database.
 */
final class ReadingOnly {
  private static final Set<String> QUERIES = Set.of("SELECT", "WITH", "VALUES");

  /** Functions that load code, or that reach files where an application has added them. */
  private static final Set<String> OUTSIDE =
      Set.of("LOAD_EXTENSION", "FTS3_TOKENIZER", "READFILE", "WRITEFILE", "EDIT");

  /** Steps of a program that change the file or its mode. */
  private static final Set<String> WRITING =
      Set.of(
          "OpenWrite",
          "Clear",
          "Destroy",
          "CreateBtree",
          "ParseSchema",
          "SetCookie",
          "Vacuum",
          "JournalMode",
          "Checkpoint",
          "IncrVacuum",
          "VUpdate",
          "VCreate",
          "VDestroy",
          "DropTable",
          "DropIndex",
          "DropTrigger");

  private ReadingOnly() {}

  /**
   * Lets a statement pass.
   *
   * @throws TidelineException {@code QUERY_REFUSED}
   * @throws SQLException if SQLite does not understand it
   */
  static void check(Session session, QueryText text) throws SQLException {
    if (!QUERIES.contains(text.firstWord())) {
      throw refused(
          "it begins with "
              + text.firstWord()
              + ", and only SELECT, WITH and VALUES are let through");
    }
    Optional<SqlPart> nameless =
        text.tokens().stream()
            .filter(part -> part.kind() == SqlPart.Kind.SIGN && "?@".contains(part.text()))
            .findFirst();
    if (nameless.isPresent()) {
      throw refused(
          "it has a parameter written with '" + nameless.get().text() + "'; write it as :name");
    }
    boolean otherText =
        text.tokens().stream()
            .anyMatch(
                part ->
                    part.kind() == SqlPart.Kind.TEXT && "'xX".indexOf(part.text().charAt(0)) < 0);
    if (otherText) {
      throw refused("it has a text as only PostgreSQL writes it, with E or $ before it");
    }
    List<SqlPart> tokens = text.tokens();
    for (int i = 0; i + 1 < tokens.size(); i++) {
      if (tokens.get(i + 1).is("(") && reachesOutside(tokens.get(i))) {
        throw refused("the function " + tokens.get(i).name() + " reaches outside the database");
      }
    }
    program(session, text);
  }

  /** A column may have such a name, too; only what brackets follow is called. */
  private static boolean reachesOutside(SqlPart part) {
    return part.isName() && OUTSIDE.contains(part.name().toUpperCase(Locale.ROOT));
  }

  /**
   * Looks through the program that SQLite would run, and runs nothing of it.
   *
   * @see <a href="https://sqlite.org/opcode.html#Transaction">Transaction: P2 not zero writes</a>
   */
  private static void program(Session session, QueryText text) throws SQLException {
    try (PreparedStatement statement = session.prepareOwn("EXPLAIN " + text.jdbc());
        ResultSet steps = statement.executeQuery()) {
      while (steps.next()) {
        String step = String.valueOf(steps.getString(2));
        if (WRITING.contains(step) || step.equals("Transaction") && steps.getInt(4) != 0) {
          throw refused("SQLite would write for it (" + step + ")");
        }
      }
    }
  }

  private static TidelineException refused(String why) {
    return new TidelineException(
        ErrorCode.QUERY_REFUSED,
        "Cannot run the query: " + why + ".",
        "Nothing was run, nothing was changed.",
        "Write one SELECT that only reads.");
  }
}
