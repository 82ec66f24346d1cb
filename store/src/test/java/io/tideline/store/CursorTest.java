package io.tideline.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CursorTest {
  @Test
  void itsTokenLeadsBack() {
    for (Cursor cursor :
        new Cursor[] {
          new Cursor(1.5, 7), new Cursor("2026-11-22 03:00:00'; --", "ü.\n"), new Cursor(-3L, "")
        }) {
      assertThat(Cursor.parse(cursor.token())).isEqualTo(cursor);
      assertThat(cursor.token()).matches("[A-Za-z0-9._-]+");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ".", "a", "TDE", "TDE.", "TDE.WDE", "!.!", "TDE.TDE.TDE", "RE5hTg.TDE"})
  void whatIsNoTokenIsRefused(String token) {
    assertThatThrownBy(() -> Cursor.parse(token)).isInstanceOf(IllegalArgumentException.class);
  }
}
