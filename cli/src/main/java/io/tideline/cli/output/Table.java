package io.tideline.cli.output;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table that aligns by display width. The first rows decide the widths; after {@value #SAMPLE} of
 * them rows are printed as they come, so that any number of rows may pass.
 */
public final class Table {
  private static final int SAMPLE = 500;
  private static final int WIDEST = 200;

  private final PrintStream out;
  private final Style style;
  private final String indent;
  private final List<String> headers = new ArrayList<>();
  private final List<Boolean> right = new ArrayList<>();
  private @Nullable List<List<String>> sample = new ArrayList<>();
  private int[] widths = {};

  /** A table without columns yet. */
  public Table(PrintStream out, Style style, String indent) {
    this.out = out;
    this.style = style;
    this.indent = indent;
  }

  /** Adds a column of text. */
  public Table text(String header) {
    return column(header, false);
  }

  /** Adds a column of numbers, which stand to the right. */
  public Table number(String header) {
    return column(header, true);
  }

  private Table column(String header, boolean toTheRight) {
    headers.add(Width.printable(header));
    right.add(toTheRight);
    return this;
  }

  /** Adds a row; one cell per column. */
  public Table row(List<String> cells) {
    List<String> safe = cells.stream().map(Width::printable).toList();
    if (sample == null) {
      print(safe, false);
      return this;
    }
    sample.add(safe);
    if (sample.size() == SAMPLE) {
      printSample();
    }
    return this;
  }

  /** Adds a row. */
  public Table row(String... cells) {
    return row(List.of(cells));
  }

  /** Prints what has not been printed. */
  public void end() {
    if (sample != null) {
      printSample();
    }
  }

  private void printSample() {
    List<List<String>> rows = sample == null ? List.of() : sample;
    sample = null;
    widths = headers.stream().mapToInt(Width::of).toArray();
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.min(WIDEST, Math.max(widths[i], Width.of(row.get(i))));
      }
    }
    if (headers.stream().anyMatch(h -> !h.isEmpty())) {
      print(headers, true);
    }
    rows.forEach(row -> print(row, false));
  }

  private void print(List<String> cells, boolean header) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String pad = " ".repeat(Math.max(0, widths[i] - Width.of(cells.get(i))));
      line.append(i == 0 ? "" : "  ");
      line.append(right.get(i) ? pad + cells.get(i) : cells.get(i) + pad);
    }
    String text = line.toString().stripTrailing();
    out.println(indent + (header ? style.bold(text) : text));
  }
}
