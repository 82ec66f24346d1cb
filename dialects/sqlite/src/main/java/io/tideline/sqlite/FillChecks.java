package io.tideline.sqlite;

import io.tideline.catalogue.Key;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.Trigger;
import io.tideline.dialect.BackfillTarget;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.tuning.Backfill;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Whether SQLite can carry a backfill out without harm. A trigger runs inside the application's own
 * statement, and what fails in it fails that: SQLite catches nothing. So it may do only what cannot
 * fail.
 */
final class FillChecks {
  private static final Pattern CONSTANT =
      Pattern.compile("\\s*(?:'(?:[^']|'')*'|[+-]?\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?)\\s*");
  private static final String SWEEP = "Write 'fill: sweep'.";

  private final Session session;
  private final BackfillTarget target;
  private final FillSql sql;
  private final Table table;

  FillChecks(Session session, BackfillTarget target, FillSql sql) {
    this.session = session;
    this.target = target;
    this.sql = sql;
    this.table = target.table();
  }

  /** Refuses what cannot be done safely. */
  void require() throws SQLException {
    if (target.logged()) {
      requireLastingKey();
    }
    if (target.backfill().fill() == Backfill.Fill.TRIGGER) {
      requireHarmlessTrigger();
    }
    requireUnderstood();
  }

  private void requireLastingKey() {
    boolean hidden = sql.table().key().filter(Key::hidden).isPresent();
    boolean integer =
        sql.key().size() == 1
            && table
                .column(sql.key().get(0))
                .filter(column -> column.declaredType().equalsIgnoreCase("INTEGER"))
                .isPresent();
    if (hidden) {
      throw refused(
          "only a hidden rowid names its rows, which VACUUM gives anew, so that nobody could tell"
              + " later which row had which value",
          "Give it an INTEGER PRIMARY KEY, or a unique index over columns that are NOT NULL.");
    }
    if (!integer && words(table.definition()).contains("COLLATE")) {
      throw refused(
          "its key may compare by a collation, by which two keys are one",
          "Give it an INTEGER PRIMARY KEY.");
    }
  }

  private void requireHarmlessTrigger() {
    if (target.backfill().source() instanceof Backfill.Value value
        && !CONSTANT.matcher(value.sql().sql()).matches()) {
      throw refused(
          "a trigger whose expression fails would fail the application's own statement, and only"
              + " a constant or a copied value never does",
          SWEEP);
    }
    List<String> updates =
        target.otherTriggers().stream().filter(Trigger::onUpdate).map(Trigger::name).toList();
    if (!updates.isEmpty()) {
      throw refused(
          "an INSERT of the application would fire its UPDATE trigger "
              + String.join(", ", updates),
          SWEEP);
    }
    List<String> words = words(table.definition());
    if (words.subList(Math.max(0, words.size() - 4), words.size()).contains("STRICT")) {
      throw refused(
          "it is STRICT, and a value of another type would fail the application's own statement",
          SWEEP);
    }
    if (target.logged()) {
      requireUnbound(words);
    }
  }

  /** Nothing may refuse what a trigger writes into a column that was there before. */
  private void requireUnbound(List<String> words) {
    if (words.contains("CHECK")) {
      throw refused("its CHECK may refuse what a trigger writes", SWEEP);
    }
    target
        .restraint()
        .ifPresent(
            what -> {
              throw refused(what + " may refuse what a trigger writes", SWEEP);
            });
  }

  private static List<String> words(String definition) {
    return new SqlTokens(definition).words(Integer.MAX_VALUE);
  }

  /** An aggregate is an error in WHERE, as it is in the UPDATE. */
  private void requireUnderstood() throws SQLException {
    Sql asked = sql.sql().add("SELECT 1 FROM " + sql.from() + " WHERE ");
    if (target.logged()) {
      asked.add(sql.condition()).add(" AND ");
    }
    session.prepareOnly(asked.add(sql.value()).add(" IS NULL"));
  }

  /** What a person should know. */
  List<String> notes() {
    List<String> notes = new ArrayList<>();
    if (target.backfill().adds()) {
      notes.add(
          "INSERT statements on "
              + table.name()
              + " that name no columns fail once the column is there: SQLite wants a value for"
              + " each.");
    }
    String updates =
        target.otherTriggers().stream()
            .filter(Trigger::onUpdate)
            .map(Trigger::name)
            .collect(Collectors.joining(", "));
    if (!updates.isEmpty()) {
      notes.add("Each row that is written fires " + updates + ".");
    }
    if (target.backfill().notNull()) {
      notes.add(
          "SQLite cannot make a column NOT NULL: that no row lacks a value is verified only.");
    }
    return notes;
  }

  private TidelineException refused(String why, String mend) {
    return new TidelineException(
        ErrorCode.BACKFILL_REFUSED,
        "Cannot carry out the backfill '"
            + target.backfill().name()
            + "' (table "
            + table.name()
            + "): "
            + why
            + ".",
        "Nothing was changed.",
        mend);
  }

  /** About how many rows the table has, without reading them. */
  long rows() {
    if (table.key().isPresent() && table.key().get().columns().size() == 1) {
      String key = Sql.column(table, table.key().get().columns().get(0));
      String one = "(SELECT %s FROM " + sql.from() + " ORDER BY " + key + "%s LIMIT 1)";
      Sql spread =
          session
              .sql()
              .add(
                  "SELECT CASE WHEN typeof(last) = 'integer' AND typeof(first) = 'integer' THEN"
                      + " last - first + 1 ELSE 0 END FROM (SELECT ")
              .add(one.formatted(key, " DESC"))
              .add(" AS last, ")
              .add(one.formatted(key, ""))
              .add(" AS first)");
      long rows = session.number("Cannot read the size of " + table.name(), spread);
      return rows > 0 ? rows : table.rowEstimate().orElse(0);
    }
    return table.rowEstimate().orElse(0);
  }
}
