package io.tideline.tuning;

import io.tideline.policy.Predicate;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A change of the values of one column of a live table: of every row that meets its condition, or
 * whose new column has no value.
 *
 * @param name its name; the names of what it makes in the database come from it
 * @param table the table, as the user names it
 * @param column the column whose values change
 * @param type the type of the column, which is added then; empty if it is there already
 * @param source what its values become
 * @param where which rows change; empty means those where the column is NULL. No row that was
 *     changed may meet it any more
 * @param fill what becomes of rows that the application goes on to write without the column
 * @param sample how many rows are compared at least when it is verified, where there are so many
 * @param notNull whether the column must have a value in every row at the end
 */
public record Backfill(
    String name,
    String table,
    String column,
    Optional<String> type,
    Source source,
    Optional<Predicate> where,
    Fill fill,
    int sample,
    boolean notNull) {
  /** How many rows are compared where nobody says it. */
  public static final int SAMPLE = 1_000;

  private static final int LONGEST_NAME = 40;
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]*");

  /** A type is one name or several words, perhaps with a length, a precision or array signs. */
  private static final Pattern TYPE =
      Pattern.compile("[A-Za-z_][\\w. ]*(\\(\\s*\\d+\\s*(,\\s*\\d+\\s*)?\\))?[\\w ]*(\\[\\])*");

  private static final Pattern CLAUSE =
      Pattern.compile(
          "(?i)\\b(not|null|default|primary|unique|references|check|collate|generated|as"
              + "|constraint|identity|serial|smallserial|bigserial)\\b");

  /** What the values become. */
  public sealed interface Source {
    /** The form by which it is known. */
    String text();
  }

  /**
   * The value of the one row that this row refers to.
   *
   * @param table the table referred to
   * @param column its column
   * @param over the columns that refer
   */
  public record Copy(String table, String column, List<String> over) implements Source {
    /** Copies the list. */
    public Copy {
      over = List.copyOf(over);
      if (over.isEmpty()) {
        throw new IllegalArgumentException("'over' names no column");
      }
    }

    @Override
    public String text() {
      return "copy " + table + "." + column + " over " + String.join(", ", over);
    }
  }

  /**
   * An expression over the row.
   *
   * @param sql one value, in the database's SQL
   */
  public record Value(Predicate sql) implements Source {
    @Override
    public String text() {
      return "value " + sql.sql();
    }
  }

  /** What becomes of rows that the application goes on to write without the column. */
  public enum Fill {
    /** A trigger of ours fills each as it is inserted, until the backfill is finished. */
    TRIGGER,
    /** Further passes find them, the last one when the backfill is finished. */
    SWEEP;

    /** The word in a configuration. */
    public String word() {
      return this == TRIGGER ? "trigger" : "sweep";
    }
  }

  /**
   * Checks what can be checked without a database.
   *
   * @throws IllegalArgumentException if a name, the type or the size of the sample is none, or the
   *     parts do not go together
   */
  public Backfill {
    if (!isName(name)) {
      throw new IllegalArgumentException(
          "The name '" + name + "' is no small letters, digits, '-' and '_', at most 40");
    }
    type = type.map(String::strip);
    SqlName.check("table", table);
    SqlName.check("column", column);
    if (type.filter(t -> !TYPE.matcher(t).matches() || CLAUSE.matcher(t).find()).isPresent()) {
      throw new IllegalArgumentException("'" + type.get() + "' is not the type of a column alone");
    }
    if (sample < 0) {
      throw new IllegalArgumentException("The sample cannot be negative");
    }
    if (type.isPresent() && where.isPresent()) {
      throw new IllegalArgumentException(
          "'where' has no meaning for a column that is added: every row without a value is filled");
    }
    if (fill == Fill.TRIGGER && where.isPresent()) {
      throw new IllegalArgumentException(
          "A trigger fills rows in which the column is NULL, and 'where' says something else");
    }
  }

  /**
   * The backfill that a state tells of, as it was when it began; how many rows are compared it does
   * not tell.
   *
   * @return empty if the state's text cannot be understood
   */
  public static Optional<Backfill> of(BackfillState state) {
    return Specification.parse(state.name(), state.specification());
  }

  /** Whether a backfill may have that name. */
  public static boolean isName(String name) {
    return NAME.matcher(name).matches() && name.length() <= LONGEST_NAME;
  }

  /** Whether the column is added. */
  public boolean adds() {
    return type.isPresent();
  }

  /** The text that is the same for two backfills exactly if they do the same. */
  public String specification() {
    return String.join(
        "\n",
        table,
        column,
        type.map(t -> "add " + t).orElse(""),
        source.text(),
        where.map(w -> "where " + w.sql()).orElse(""),
        fill.word(),
        notNull ? "not null" : "");
  }
}
