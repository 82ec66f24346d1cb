package io.tideline.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class TableTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  @Test
  void alignsByDisplayWidth() {
    new Table(out, new Style(false), " ")
        .text("NAME")
        .number("ROWS")
        .text("X")
        .row("表", "1,234", "a")
        .row("e\u0301e\u0301", "7", "b")
        .row("plain", "", "")
        .end();

    assertThat(text())
        .isEqualTo(
            """
             NAME    ROWS  X
             表     1,234  a
             e\u0301e\u0301         7  b
             plain
            """);
  }

  @Test
  void writesControlCharactersOut() {
    new Table(out, new Style(true), "").text("").row("a\u001B[2Jb\nc\u202Ed").end();

    assertThat(text()).isEqualTo("a\\u001b[2Jb\\nc\\u202ed\n");
  }

  @Test
  void letsAnyNumberOfRowsPass() {
    Table table = new Table(out, new Style(false), "").text("A").number("B");
    for (int i = 0; i < 1200; i++) {
      table.row("r", Integer.toString(i));
    }
    table.end();

    assertThat(text().lines()).hasSize(1201).contains("r  499", "r  500", "r  1199");
  }

  private String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
