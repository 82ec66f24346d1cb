package io.tideline.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfirmationTest {
  @TempDir Path dir;
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @ParameterizedTest
  @ValueSource(strings = {"y\n", "Y\n", "yes\n", " yes"})
  void takesAYes(String typed) {
    assertThatCode(() -> confirmation(new Shell(dir).typing(typed)).ask("Sure?"))
        .doesNotThrowAnyException();
    assertThat(err.toString()).isEqualTo("Sure? [y/N] ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "", "n\n", "no\n", "yep\n"})
  void takesEverythingElseForANo(String typed) {
    assertThatThrownBy(() -> confirmation(new Shell(dir).typing(typed)).ask("Sure?"))
        .isInstanceOfSatisfying(
            TidelineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_CONFIRMED))
        .hasMessageContaining("it was not confirmed");
  }

  @Test
  void needsATerminal() {
    assertThatThrownBy(() -> confirmation(new Shell(dir)).ask("Sure?"))
        .hasMessage(
            "Cannot run: nobody confirmed it, because there is no terminal. Nothing was changed."
                + " Answer 'y' at the terminal, or give --yes.");
  }

  private Confirmation confirmation(Shell shell) {
    return new Confirmation(shell.terminal(new ByteArrayOutputStream(), err));
  }
}
