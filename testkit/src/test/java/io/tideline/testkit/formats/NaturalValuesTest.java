package io.tideline.testkit.formats;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.archive.NaturalValues;
import io.tideline.archive.SegmentColumn;
import io.tideline.archive.SegmentSchema;
import io.tideline.catalogue.NaturalType;
import io.tideline.catalogue.NaturalType.Family;
import io.tideline.row.Row;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What natural types keep, judged by others who know. */
final class NaturalValuesTest {
  private final long seed = new Random().nextLong(1_000_000);
  private final Random random = new Random(seed);

  @Test
  void text_is_what_the_jdk_decodes() {
    byte[] odd = {
      0x41,
      0x7f,
      (byte) 0x80,
      (byte) 0x9f,
      (byte) 0xa0,
      (byte) 0xbf,
      (byte) 0xc1,
      (byte) 0xc2,
      (byte) 0xdf,
      (byte) 0xe0,
      (byte) 0xec,
      (byte) 0xed,
      (byte) 0xee,
      (byte) 0xf0,
      (byte) 0xf3,
      (byte) 0xf4,
      (byte) 0xf5,
      (byte) 0xff
    };
    for (int i = 0; i < 50_000; i++) {
      byte[] bytes = new byte[random.nextInt(14)];
      Arrays.fill(bytes, (byte) 'x');
      for (int b = bytes.length - 1; b >= 0 && random.nextInt(7) > 0; b--) {
        bytes[b] = random.nextInt(40) == 0 ? 0 : odd[random.nextInt(odd.length)];
      }
      assertThat(NaturalValues.isText(bytes))
          .as("seed %s: %s", seed, Arrays.toString(bytes))
          .isEqualTo(decodes(bytes));
    }
  }

  private static boolean decodes(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.indexOf(0) < 0;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  @Test
  void decimals_are_what_prints_back_the_same() {
    for (int i = 0; i < 50_000; i++) {
      int precision = 1 + random.nextInt(5);
      int scale = random.nextInt(precision + 1);
      String text = letters("-00123459.", 7);
      boolean kept =
          NaturalValues.keeps(
              new NaturalType(Family.DECIMAL, precision, scale), Row.ofText(text), 0);
      assertThat(kept)
          .as("seed %s: %s as (%s, %s)", seed, text, precision, scale)
          .isEqualTo(printsBack(text, precision, scale));
    }
  }

  private static boolean printsBack(String text, int precision, int scale) {
    try {
      BigDecimal value = new BigDecimal(text);
      int digits = value.unscaledValue().abs().toString().length();
      boolean fits = value.signum() == 0 || digits <= precision;
      return fits && value.scale() == scale && value.toPlainString().equals(text);
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private String letters(String alphabet, int most) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }

  @Test
  void json_that_is_kept_is_json_to_duckdb() throws SQLException {
    String[] parts = {
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      "\"",
      "\"a\"",
      "1",
      "-",
      "0",
      ".5",
      "e9",
      "E-99",
      "true",
      "null",
      " ",
      "\n",
      "\\",
      "\\u00e9",
      "\\ud83d\\ude00",
      "\\udc00",
      "{\"a\":1}",
      "[1,2]",
      "ö",
      "\t",
      "\\n",
      "x",
      "[]",
      "\"b\":",
      "1e400",
      "+"
    };
    NaturalType json = NaturalType.of(Family.JSON);
    int kept = 0;
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        PreparedStatement cast = duckdb.prepareStatement("SELECT CAST(? AS JSON)")) {
      for (int i = 0; i < 50_000; i++) {
        StringBuilder text = new StringBuilder();
        for (int p = random.nextInt(6); p >= 0; p--) {
          text.append(parts[random.nextInt(parts.length)]);
        }
        if (NaturalValues.keeps(json, Row.ofText(text.toString()), 0)) {
          kept++;
          cast.setString(1, text.toString());
          try (ResultSet row = cast.executeQuery()) {
            assertThat(row.next()).isTrue();
          } catch (SQLException e) {
            throw new AssertionError("seed " + seed + ": " + text, e);
          }
        }
      }
    }
    assertThat(kept).isGreaterThan(300);
  }

  @Test
  void file_names_are_unique_whatever_the_case() {
    for (int i = 0; i < 300; i++) {
      SegmentSchema schema = new RandomSegments(seed + i).schema(1 + random.nextInt(42));
      List<String> names = schema.fileNames();
      assertThat(names.stream().map(name -> name.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT)))
          .as("seed %s", seed + i)
          .doesNotHaveDuplicates()
          .doesNotContain("", "filename", "file_row_number", "file_index")
          .doesNotContain(schema.exactColumn().toLowerCase(Locale.ROOT), schema.ordinalColumn());
    }
    assertThat(
            new SegmentSchema(
                    "t", List.of(any("a"), any("A"), any("A_2"), any(""), any("Filename")))
                .fileNames())
        .containsExactly("a", "A_3", "A_2", "_2", "Filename_2");
  }

  private static SegmentColumn any(String name) {
    return new SegmentColumn(name, "", NaturalType.of(Family.ANY));
  }
}
