package io.tideline.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tideline.tuning.IndexColumn;
import io.tideline.tuning.IndexColumn.Nulls;
import io.tideline.tuning.IndexSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The declared indexes of a file, as its database's engine has them. */
final class IndexesConfigTest {
  private static final String SQLITE = "version: 1\narchive: a\ndatabase: a.db\nindexes:\n";
  private static final String POSTGRES =
      "version: 1\narchive: a\ndatabase: postgresql://u@h/d\nindexes:\n";
  private static final String ALL =
      """
        plain: {table: t, columns: [a, b DESC]}
        one: {table: t, columns: a, only: sqlite}
        other:
          table: t
          columns: [a, {column: b desc, order: desc, nulls: last, operators: text_pattern_ops}]
          collation: C
          only: postgresql
        both:
          table: t
          columns: [{sql: lower(a)}]
          where: b > 1
          unique: true
          sqlite: {where: b > 2, columns: [a]}
          postgresql: {include: [c, d], method: gist}
        gone: {table: t, absent: true}
      """;

  @TempDir Path dir;

  private Path file(String text) throws IOException {
    return Files.writeString(dir.resolve("tideline.yaml"), text);
  }

  private List<IndexSpec> read(String text) throws IOException {
    return ConfigFile.load(file(text), Map.of()).settings().indexes();
  }

  @Test
  void eachEngineHasItsOwn() throws IOException {
    IndexSpec plain =
        IndexSpec.of("plain", "t", List.of(IndexColumn.of("a"), IndexColumn.of("b").desc()));
    assertThat(read(SQLITE + ALL))
        .containsExactly(
            plain,
            IndexSpec.of("one", "t", List.of(IndexColumn.of("a"))),
            IndexSpec.of("both", "t", List.of(IndexColumn.of("a")))
                .withUnique(true)
                .withWhere("b > 2"),
            IndexSpec.absent("gone", "t"));
    assertThat(read(POSTGRES + ALL))
        .containsExactly(
            plain,
            IndexSpec.of(
                "other",
                "t",
                List.of(
                    IndexColumn.of("a").withCollation("C"),
                    IndexColumn.of("b desc")
                        .desc()
                        .withNulls(Nulls.LAST)
                        .withCollation("C")
                        .withOperators("text_pattern_ops"))),
            IndexSpec.of("both", "t", List.of(IndexColumn.ofExpression("lower(a)")))
                .withUnique(true)
                .withWhere("b > 1")
                .withInclude(List.of("c", "d"))
                .withMethod("gist"),
            IndexSpec.absent("gone", "t"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          i: {columns: [a]}                         | Index 'i' lacks the key 'table'.
          i: {table: t}                             | 'columns' of index 'i' is missing.
          i: {table: t, columns: []}                | 'columns' of index 'i' is empty.
          i: {table: t, columns: [a, a]}            | The index 'i' names a column twice.
          i: {table: t, columns: [{}]}              | A column of an index is named by either 'column' or 'sql'.
          i: {table: t, columns: [{sql: "a)"}]}     | ')' closes nothing
          i: {table: t, columns: [a], where: "a;b"} | it has a semicolon
          i: {table: t, columns: [a], unique: yes}  | 'unique' of index 'i' cannot be 'yes'.
          i: {table: t, columns: [a], only: mysql}  | 'only' of index 'i' cannot be 'mysql'.
          i: {table: t, colums: [a]}                | Unknown key 'colums' in index 'i'. Did you mean 'columns'?
          i: {table: t, columns: [a], sqlite: {only: sqlite}} | Unknown key 'only' in 'sqlite' of index 'i'.
          i: {table: t, columns: [a], collation: "a b"} | 'a b' is not the name of a collation.
          i: []                                     | Index 'i' must be a mapping.
          """)
  void saysWhatIsWrong(String line, String problem) throws IOException {
    Path file = file(SQLITE + "  " + line + "\n");
    ConfigException wrong =
        catchThrowableOfType(ConfigException.class, () -> ConfigFile.load(file, Map.of()));
    assertThat(wrong).isNotNull();
    assertThat(wrong.getMessage()).contains(problem);
  }
}
