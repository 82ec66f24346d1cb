package io.tideline.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.error.TidelineException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueryTextTest {
  @Test
  void aNameMayStandMoreThanOnce() {
    QueryText text = QueryText.of("SELECT * FROM t WHERE a = :x AND b > :since OR c = :x;\n");

    assertThat(text.jdbc()).isEqualTo("SELECT * FROM t WHERE a = ? AND b > ? OR c = ?");
    assertThat(text.placeholders()).containsExactly("x", "since", "x");
    assertThat(text.names()).containsExactly("x", "since");
    assertThat(text.sql()).endsWith("c = :x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT ':a' || :b",
        "SELECT 'it''s :a', :b",
        "SELECT \":a\", `:a`, [:a], :b",
        "SELECT \"say \"\":a\"\"\", :b",
        "SELECT /* :a */ :b -- :a",
        "SELECT $$ :a $$, $q$ $$ :a ; $q$, :b",
        "SELECT E'\\' :a', :b",
        "SELECT now()::text, :b::uuid",
        "SELECT x[1:2], x[lo:hi], x[:b]",
        "SELECT ARRAY[:b], ARRAY [1]",
        "SELECT f(a := :b)",
        "(SELECT :b)",
      })
  void onlyWhatIsAParameterIsOne(String sql) {
    QueryText text = QueryText.of(sql);

    assertThat(text.names()).containsExactly("b");
    assertThat(text.jdbc()).isEqualTo(sql.replace(":b", "?").strip());
  }

  @Test
  void aQuestionMarkIsAnOperator() {
    QueryText text = QueryText.of("SELECT data ? :key, data ?| '{a?}' FROM t -- why?");

    assertThat(text.jdbc()).isEqualTo("SELECT data ?? ?, data ??| '{a?}' FROM t -- why?");
  }

  @Test
  void itTellsWordsFromNames() {
    QueryText text = QueryText.of("/* a */ ( WITH x AS (SELECT 1) SELECT * FROM \"my \"\"t\"\"\")");

    assertThat(text.firstWord()).isEqualTo("WITH");
    assertThat(text.tokens().get(text.tokens().size() - 2).name()).isEqualTo("my \"t\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "SELECT 1; DELETE FROM t | it is more than one statement (character 11). Nothing was run.",
        "SELECT 1;;SELECT 2      | it is more than one statement (character 11).",
        " ; -- nothing           | it is empty (character 1). Nothing was run. Write a SELECT.",
        "SELECT 'a               | the quote ' is not closed (character 8). Nothing was run. Close",
        "SELECT $x$ a            | the quote $x$ is not closed (character 8).",
        "SELECT /* a             | a comment is not closed (character 8).",
        "SELECT /* /* */ 1 */ 2  | a comment stands inside a comment (character 11).",
        "SELECT (1               | '(' is not closed (character 10). Nothing was run. Balance the",
        "SELECT 1) UNION (SELECT | ')' closes nothing (character 9).",
        "SELECT [a               | '[' is not closed (character 8).",
        "SELECT $1               | the parameter '$1' is not of ours (character 8). Nothing was run."
            + " Write it as :name.",
      })
  void whatIsNoSingleStatementIsRefused(String sql, String message) {
    assertThatThrownBy(() -> QueryText.of(sql))
        .isInstanceOf(TidelineException.class)
        .hasMessageContaining("Cannot use this as a query: " + message);
  }

  /** The server, the drivers and SQLite do not agree on where these end. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "SELECT 1 --<r>; DELETE FROM t            | a carriage return stands in a comment",
        "SELECT 1 --<r>                           | a carriage return stands in a comment",
        "SELECT 1 --<r> LIMIT f()<n>              | a carriage return stands in a comment",
        "SELECT E'a'<n>'\\' , ' , f() --'          | a text with escapes goes on in another line",
        "SELECT E'a' -- b<n>'\\' , ' , f() --'     | a text with escapes goes on in another line",
        "SELECT 1 LIMIT U&\"pg_slee\\0070\" (1)    | a name is written in Unicode escapes",
        "SELECT ARRAY[1; DELETE FROM t]           | a semicolon stands inside brackets",
        "SELECT $1$ f() $1$                       | the parameter '$1' is not of ours",
      })
  void whatEnginesReadDifferentlyIsRefused(String sql, String message) {
    assertThatThrownBy(() -> QueryText.of(sql.replace("<r>", "\r").replace("<n>", "\n")))
        .isInstanceOf(TidelineException.class)
        .hasMessageContaining("Cannot use this as a query: " + message);
  }

  @Test
  void linesMayEndAsOnWindows() {
    assertThat(QueryText.of("SELECT 1 -- one\r\n FROM t\r\n WHERE a = E'x' AND 'y' = :y").names())
        .containsExactly("y");
  }

  @Test
  void aNulCharacterIsRefused() {
    assertThatThrownBy(() -> QueryText.of("SELECT \0"))
        .hasMessageContaining("it has a NUL character (character 8)");
  }

  @Test
  void aByteOrderMarkIsTold() {
    assertThatThrownBy(() -> QueryText.of("\uFEFFSELECT 1"))
        .hasMessageContaining("it has a byte order mark, which nobody sees (character 1)");
  }
}
