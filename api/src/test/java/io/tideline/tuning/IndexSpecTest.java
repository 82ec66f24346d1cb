package io.tideline.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.error.TidelineException;
import io.tideline.tuning.IndexColumn.Nulls;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IndexSpecTest {
  private static final IndexSpec PLAIN =
      IndexSpec.of("ix", "tasks", List.of(IndexColumn.of("user_id"), IndexColumn.of("at").desc()));

  @Test
  void tellsWhatItIsOver() {
    assertThat(PLAIN.over()).isEqualTo("tasks (user_id, at desc)");
    assertThat(IndexSpec.absent("ix", "tasks").over()).isEqualTo("tasks");
    assertThat(
            IndexColumn.ofExpression(" lower(email) ")
                .withCollation("\"C\"")
                .withOperators("text_pattern_ops")
                .withNulls(Nulls.LAST))
        .hasToString("(lower(email)) collate \"C\" text_pattern_ops nulls last");
  }

  @Test
  void needsColumnsUnlessItShallNotBeThere() {
    assertThatThrownBy(() -> IndexSpec.of("ix", "tasks", List.of()))
        .hasMessage("The index 'ix' has no column");
    assertThat(IndexSpec.absent("ix", "tasks").absent()).isTrue();
  }

  @Test
  void namesNoColumnTwice() {
    assertThatThrownBy(() -> PLAIN.withInclude(List.of("user_id")))
        .hasMessage("The index 'ix' names a column twice");
    assertThatThrownBy(() -> PLAIN.withInclude(List.of("a", "a")))
        .hasMessage("The index 'ix' names a column twice");
  }

  @Test
  void isEitherAColumnOrAnExpression() {
    assertThatThrownBy(() -> new IndexColumn("a", "b", false, Nulls.USUAL, "", ""))
        .hasMessage("Name either a column or an expression of the index");
    assertThatThrownBy(() -> IndexColumn.of(" "))
        .hasMessage("Name either a column or an expression of the index");
  }

  @ParameterizedTest
  @ValueSource(strings = {"C) ; drop table x", "\"C", "a b", "a..b", "a.", "C;"})
  void noNameBreaksOutOfItsPlace(String name) {
    assertThatThrownBy(() -> IndexColumn.of("a").withCollation(name))
        .hasMessage("'" + name + "' is not the name of a collation");
    assertThatThrownBy(() -> IndexColumn.of("a").withOperators(name))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PLAIN.withMethod(name)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aNameMayHaveASchemaAndQuotes() {
    assertThat(SqlName.parts("de-x-icu")).containsExactly("de-x-icu");
    assertThat(SqlName.parts("pg_catalog.\"C\"")).containsExactly("pg_catalog", "C");
    assertThat(SqlName.parts("\"a\"\"b.c\".d")).containsExactly("a\"b.c", "d");
  }

  @Test
  void noExpressionBreaksOutOfItsPlace() {
    assertThatThrownBy(() -> PLAIN.withWhere("a) WHERE (b"))
        .isInstanceOf(TidelineException.class)
        .hasMessageContaining("')' closes nothing");
    assertThatThrownBy(() -> IndexColumn.ofExpression("a -- b"))
        .isInstanceOf(TidelineException.class)
        .hasMessageContaining("it has a comment");
  }
}
