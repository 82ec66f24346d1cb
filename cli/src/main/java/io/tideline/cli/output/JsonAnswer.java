package io.tideline.cli.output;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An answer as JSON: one object per row and line, in an array or one after the other (JSONL).
 * Numbers keep every digit; infinities and NaN are strings, for JSON has none.
 */
public final class JsonAnswer implements Answer {
  private static final Gson GSON =
      new GsonBuilder().disableHtmlEscaping().serializeNulls().create();

  private final PrintStream out;
  private final boolean lines;
  private List<String> names = List.of();
  private boolean any;

  /**
   * @param out where it goes
   * @param lines whether rows follow each other without an array around them
   */
  public JsonAnswer(PrintStream out, boolean lines) {
    this.out = out;
    this.lines = lines;
  }

  @Override
  public void columns(List<String> columns, List<String> types) {
    Set<String> taken = new HashSet<>();
    List<String> unique = new ArrayList<>();
    for (String column : columns) {
      String name = column;
      for (int n = 2; !taken.add(name); n++) {
        name = column + "_" + n;
      }
      unique.add(name);
    }
    names = unique;
  }

  @Override
  public boolean row(@Nullable Object[] values) {
    JsonObject object = new JsonObject();
    for (int i = 0; i < values.length; i++) {
      object.add(names.get(i), values[i] == null ? JsonNull.INSTANCE : primitive(values[i]));
    }
    out.append(lines ? "" : any ? ",\n " : "[").append(GSON.toJson(object));
    out.append(lines ? "\n" : "");
    any = true;
    return !out.checkError();
  }

  private static JsonPrimitive primitive(@Nullable Object value) {
    if (value instanceof Boolean flag) {
      return new JsonPrimitive(flag);
    }
    boolean number =
        value instanceof Number n && !Double.isNaN(n.doubleValue()) && !infinite(value);
    return number ? new JsonPrimitive((Number) value) : new JsonPrimitive(Cells.text(value, ""));
  }

  private static boolean infinite(Object value) {
    return value instanceof Double d && d.isInfinite()
        || value instanceof Float f && f.isInfinite();
  }

  @Override
  public void end() {
    if (!lines) {
      out.append(any ? "]\n" : "[]\n");
    }
    out.flush();
  }
}
