package io.tideline.tuning;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The SQL of one statement, with parameters written as {@code :name}. Only what stands outside
 * texts, quoted names, comments, dollar quotes, casts ({@code ::}) and array slices is a parameter.
 */
public final class QueryText {
  private final String sql;
  private final List<SqlPart> parts;
  private final List<String> placeholders;

  private QueryText(String sql, List<SqlPart> parts) {
    this.sql = sql;
    this.parts = List.copyOf(parts);
    this.placeholders =
        parts.stream()
            .filter(part -> part.kind() == SqlPart.Kind.PARAMETER)
            .map(part -> part.text().substring(1))
            .toList();
  }

  /**
   * Reads a statement.
   *
   * @throws io.tideline.error.TidelineException {@code ARGUMENT_INVALID} if it is empty, more than
   *     one statement, not closed (a quote, a comment, a bracket), or if a parameter has no name
   */
  public static QueryText of(String sql) {
    List<SqlPart> parts = new SqlScanner(sql).statement();
    StringBuilder text = new StringBuilder();
    parts.forEach(part -> text.append(part.text()));
    return new QueryText(text.toString().strip(), parts);
  }

  /** The statement as it was written, without a semicolon at its end. */
  public String sql() {
    return sql;
  }

  /** The parts of the statement in order, spaces and comments included. */
  public List<SqlPart> parts() {
    return parts;
  }

  /** The names of the parameters, each once, in the order of their first use. */
  public Set<String> names() {
    return new LinkedHashSet<>(placeholders);
  }

  /** The name that each {@code ?} of {@link #jdbc} stands for, in order. */
  public List<String> placeholders() {
    return placeholders;
  }

  /**
   * The text for a JDBC driver: a {@code ?} for each parameter, and each question mark that is an
   * operator doubled.
   *
   * @see <a href="https://jdbc.postgresql.org/documentation/query/">operators with a question
   *     mark</a>
   */
  public String jdbc() {
    StringBuilder text = new StringBuilder();
    for (SqlPart part : parts) {
      text.append(
          switch (part.kind()) {
            case PARAMETER -> "?";
            case SIGN -> part.text().equals("?") ? "??" : part.text();
            default -> part.text();
          });
    }
    return text.toString().strip();
  }

  /** The words, signs and names, without spaces and comments. */
  public List<SqlPart> tokens() {
    return parts.stream().filter(part -> part.kind() != SqlPart.Kind.SPACE).toList();
  }

  /** The first word in upper case, brackets before it left out: {@code SELECT}. */
  public String firstWord() {
    return tokens().stream()
        .filter(part -> !part.is("("))
        .findFirst()
        .map(SqlPart::upper)
        .orElse("");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof QueryText text && sql.equals(text.sql);
  }

  @Override
  public int hashCode() {
    return sql.hashCode();
  }

  @Override
  public String toString() {
    return sql;
  }
}
