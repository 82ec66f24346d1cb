package io.tideline.cli.output;

import java.io.PrintStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An answer as CSV (RFC 4180, but lines end with LF): a header, an empty field for no value, {@code
 * ""} for empty text.
 */
public final class CsvAnswer implements Answer {
  private final PrintStream out;

  /** An answer on a stream. */
  public CsvAnswer(PrintStream out) {
    this.out = out;
  }

  @Override
  public void columns(List<String> names, List<String> types) {
    out.append(String.join(",", names.stream().map(CsvAnswer::quote).toList())).append('\n');
  }

  @Override
  public boolean row(@Nullable Object[] values) {
    for (int i = 0; i < values.length; i++) {
      out.append(i == 0 ? "" : ",");
      out.append(values[i] == null ? "" : quote(Cells.text(values[i], "")));
    }
    out.append('\n');
    return !out.checkError();
  }

  @Override
  public void end() {
    out.flush();
  }

  private static String quote(String text) {
    boolean plain = !text.isEmpty() && text.chars().noneMatch(c -> c == '"' || c == ',' || c < ' ');
    return plain ? text : "\"" + text.replace("\"", "\"\"") + "\"";
  }
}
