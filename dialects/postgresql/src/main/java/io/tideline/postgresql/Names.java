package io.tideline.postgresql;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.Column;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.error.ErrorCode;
import io.tideline.error.Nearest;
import io.tideline.error.TidelineException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds what a user means by a name: as spelt, else as PostgreSQL folds it, else in any case. */
final class Names {
  private static final String PART = "(\"(?:[^\"]|\"\")+\"|[^\".]+)";
  private static final Pattern QUALIFIED = Pattern.compile("(?s)(?:" + PART + "\\.)?" + PART);

  private final String schema;

  /**
   * @param schema where names without a schema are looked for
   */
  Names(String schema) {
    this.schema = schema;
  }

  /** The table, or {@code TABLE_UNKNOWN}. */
  Table table(Catalogue catalogue, String name) {
    Optional<Table> plain = catalogue.table(new TableName(schema, name));
    if (plain.isPresent()) {
      return plain.get();
    }
    Matcher parts = QUALIFIED.matcher(name);
    if (parts.matches()) {
      String first = parts.group(1) == null ? Sql.quote(schema) : parts.group(1);
      String second = parts.group(2);
      for (Function<String, String> fold :
          List.<Function<String, String>>of(Names::asSpelt, Names::folded)) {
        Optional<Table> found =
            catalogue.table(new TableName(fold.apply(first), fold.apply(second)));
        if (found.isPresent()) {
          return found.get();
        }
      }
      List<Table> alike =
          catalogue.tables().stream()
              .filter(t -> t.name().schema().equalsIgnoreCase(asSpelt(first)))
              .filter(t -> t.name().name().equalsIgnoreCase(asSpelt(second)))
              .toList();
      if (alike.size() == 1 && !second.startsWith("\"")) {
        return alike.get(0);
      }
    }
    throw new TidelineException(
        ErrorCode.TABLE_UNKNOWN,
        "Cannot find the table '" + name + "' in schema " + schema + ".",
        "Nothing was changed.",
        Nearest.sentence(
            "tables", name, catalogue.tables().stream().map(t -> t.name().toString()).toList()));
  }

  /** The column's spelling, or {@code COLUMN_UNKNOWN}. */
  static String column(Table table, String name) {
    for (String spelling : List.of(name, asSpelt(name), folded(name))) {
      if (table.column(spelling).isPresent()) {
        return spelling;
      }
    }
    List<String> all = table.columns().stream().map(Column::name).toList();
    List<String> alike = all.stream().filter(name::equalsIgnoreCase).toList();
    if (alike.size() == 1) {
      return alike.get(0);
    }
    throw new TidelineException(
        ErrorCode.COLUMN_UNKNOWN,
        "Cannot find the column '" + name + "' of the table " + table.name() + ".",
        "Nothing was changed.",
        Nearest.sentence("columns", name, all));
  }

  private static boolean quoted(String part) {
    return part.length() > 2 && part.startsWith("\"") && part.endsWith("\"");
  }

  private static String asSpelt(String part) {
    return quoted(part) ? part.substring(1, part.length() - 1).replace("\"\"", "\"") : part;
  }

  private static String folded(String part) {
    return quoted(part) ? asSpelt(part) : part.toLowerCase(Locale.ROOT);
  }
}
