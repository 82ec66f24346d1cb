package io.tideline.cli;

import io.tideline.tuning.Expectations;
import io.tideline.tuning.QueryParameter;
import io.tideline.tuning.QuerySpec;
import io.tideline.tuning.QueryText;
import io.tideline.tuning.QueryValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the parameters of queries are asked with. */
final class SampleOptions {
  private static final int MOST_ROWS = 100_000;

  @Option(
      names = "--param",
      paramLabel = "NAME=VALUE",
      description =
          "Ask with this value of a parameter; repeatable, and the values of one name go round. In"
              + " single quotes it is text whatever it looks like; null is NULL.")
  List<String> params = new ArrayList<>();

  @Option(
      names = "--values",
      paramLabel = "FILE",
      description =
          "Ask with the values of this CSV file, whose first line names parameters: a line for each"
              + " request, round and round.")
  @Nullable Path values;

  /** The query of {@code --sql}. */
  QuerySpec query(String sql, Terminal terminal) {
    QueryText text = QueryText.of(sql);
    Map<String, List<String>> given = given(terminal);
    requireKnown(given, text.names().stream().toList());
    List<QueryParameter> parameters = new ArrayList<>();
    for (String name : text.names()) {
      List<String> samples = given.get(name);
      if (samples == null) {
        throw Command.badArgument(
            "Cannot ask the query: its parameter " + name + " has no value.",
            "Give it with --param " + name + "=VALUE, or in the file of --values.");
      }
      parameters.add(new QueryParameter(name, samples.stream().map(SampleOptions::value).toList()));
    }
    return new QuerySpec("sql", text, parameters, Expectations.NONE);
  }

  /** A query with other samples, where they are given. */
  List<QuerySpec> vary(List<QuerySpec> queries, Terminal terminal) {
    Map<String, List<String>> given = given(terminal);
    requireKnown(given, queries.stream().flatMap(query -> query.text().names().stream()).toList());
    return queries.stream().map(query -> vary(query, given)).toList();
  }

  private static QuerySpec vary(QuerySpec query, Map<String, List<String>> given) {
    return new QuerySpec(
        query.name(),
        query.text(),
        query.parameters().stream().map(each -> vary(each, given)).toList(),
        query.expect());
  }

  private static QueryParameter vary(QueryParameter parameter, Map<String, List<String>> given) {
    List<String> samples = given.get(parameter.name());
    if (samples == null) {
      return parameter;
    }
    // What the configuration gives as text stays text, even where a value looks like a number.
    boolean text = parameter.samples().get(0) instanceof QueryValue.Text;
    return new QueryParameter(
        parameter.name(),
        samples.stream()
            .map(sample -> text ? new QueryValue.Text(unquoted(sample)) : value(sample))
            .toList());
  }

  private static void requireKnown(Map<String, List<String>> given, List<String> known) {
    for (String name : given.keySet()) {
      if (!known.contains(name)) {
        throw Command.badArgument(
            "Cannot give a value to " + name + ": no query has such a parameter.",
            known.isEmpty()
                ? "Leave it out: there are no parameters."
                : "The parameters are: " + String.join(", ", new TreeSet<>(known)) + ".");
      }
    }
  }

  private Map<String, List<String>> given(Terminal terminal) {
    Map<String, List<String>> all = new LinkedHashMap<>();
    for (String param : params) {
      int equals = param.indexOf('=');
      if (equals < 1) {
        throw Command.badArgument(
            "Cannot read --param '" + param + "'.", "Write --param NAME=VALUE.");
      }
      all.computeIfAbsent(param.substring(0, equals), name -> new ArrayList<>())
          .add(param.substring(equals + 1));
    }
    if (values != null) {
      read(terminal.folder().resolve(values), all);
    }
    return all;
  }

  private static void read(Path file, Map<String, List<String>> all) {
    try (Stream<String> lines = Files.lines(file)) {
      List<List<String>> rows =
          lines
              .limit(MOST_ROWS + 2L)
              .filter(line -> !line.isBlank())
              .map(SampleOptions::cells)
              .toList();
      if (rows.size() < 2 || rows.size() > MOST_ROWS + 1) {
        throw wrong(file, "it has " + (rows.size() < 2 ? "no" : "more than 100,000") + " values");
      }
      List<String> names = rows.get(0);
      for (int i = 1; i < rows.size(); i++) {
        if (rows.get(i).size() != names.size()) {
          throw wrong(file, "its value " + i + " has not as many cells as its first line");
        }
      }
      for (int i = 0; i < names.size(); i++) {
        int column = i;
        List<String> samples = rows.stream().skip(1).map(row -> row.get(column)).toList();
        if (all.put(names.get(i), samples) != null) {
          throw wrong(file, "the parameter " + names.get(i) + " has values already");
        }
      }
    } catch (IOException | UncheckedIOException e) {
      throw wrong(file, "it cannot be read as UTF-8 text");
    }
  }

  private static RuntimeException wrong(Path file, String why) {
    return Command.badArgument(
        "Cannot take values from " + file + ": " + why + ".",
        "Write the names of parameters into the first line, and values of as many cells below,"
            + " with commas between them.");
  }

  /** The cells of a line of CSV; a quoted one may hold commas, but no line's end. */
  private static List<String> cells(String line) {
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      boolean doubled = quoted && c == '"' && i + 1 < line.length() && line.charAt(i + 1) == '"';
      if (doubled) {
        cell.append(c);
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        cells.add(cell.toString());
        cell.setLength(0);
      } else {
        cell.append(c);
      }
    }
    cells.add(cell.toString());
    return cells;
  }

  private static QueryValue value(String text) {
    if (!unquoted(text).equals(text)) {
      return new QueryValue.Text(unquoted(text));
    }
    return switch (text) {
      case "null" -> new QueryValue.Nothing();
      case "true", "false" -> new QueryValue.Truth(text.equals("true"));
      default -> number(text).orElseGet(() -> new QueryValue.Text(text));
    };
  }

  private static Optional<QueryValue> number(String text) {
    if (!text.matches("-?\\d+(\\.\\d+)?([eE][+-]?\\d+)?") || text.matches("-?0\\d.*")) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          text.matches("-?\\d+")
              ? new QueryValue.Whole(Long.parseLong(text))
              : new QueryValue.Real(Double.parseDouble(text)));
    } catch (NumberFormatException e) {
      return Optional.empty(); // longer than a long
    }
  }

  private static String unquoted(String text) {
    boolean quoted = text.length() > 1 && text.startsWith("'") && text.endsWith("'");
    return quoted ? text.substring(1, text.length() - 1).replace("''", "'") : text;
  }
}
