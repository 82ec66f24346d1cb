package io.tideline.cli.output;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** An answer as an aligned table, with the number of rows below it. */
public final class TableAnswer implements Answer {
  private static final List<String> NUMBERS =
      List.of("INT", "DOUBLE", "FLOAT", "REAL", "DECIMAL", "NUMERIC");

  private final PrintStream out;
  private final Style style;
  private @Nullable Table table;
  private long rows;

  /** An answer on a stream. */
  public TableAnswer(PrintStream out, Style style) {
    this.out = out;
    this.style = style;
  }

  @Override
  public void columns(List<String> names, List<String> types) {
    Table fresh = new Table(out, style, "");
    for (int i = 0; i < names.size(); i++) {
      String type = types.get(i).toUpperCase(Locale.ROOT);
      if (NUMBERS.stream().anyMatch(type::contains) && !type.contains("INTERVAL")) {
        fresh.number(names.get(i));
      } else {
        fresh.text(names.get(i));
      }
    }
    table = fresh;
  }

  @Override
  public boolean row(@Nullable Object[] values) {
    if (table != null) {
      table.row(Arrays.stream(values).map(value -> Cells.text(value, "NULL")).toList());
      rows++;
    }
    return !out.checkError();
  }

  @Override
  public void end() {
    if (table != null) {
      table.end();
    }
    out.println(style.dim("(" + Words.count(rows, "row") + ")"));
  }
}
