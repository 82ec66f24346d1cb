package io.tideline.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AnswerTest {
  private static final Object[] ROW = {
    null,
    9007199254740993L,
    new BigInteger("340282366920938463463374607431768211455"),
    Double.NaN,
    0.1,
    new BigDecimal("1.10"),
    true,
    "a\"b,\nc",
    "",
    new byte[] {0, (byte) 0xff},
    LocalDate.of(2026, 5, 2),
    LocalDateTime.of(2026, 5, 2, 10, 0, 0, 5000),
    Instant.parse("2026-05-02T10:00:00Z")
  };
  private static final List<String> NAMES =
      List.of("n", "i", "h", "nan", "d", "m", "b", "s", "s", "x", "day", "t", "z");

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  @Test
  void writesCsv() {
    assertThat(write(Form.CSV))
        .isEqualTo(
            "n,i,h,nan,d,m,b,s,s,x,day,t,z\n"
                + ",9007199254740993,340282366920938463463374607431768211455,NaN,0.1,1.10,true,"
                + "\"a\"\"b,\nc\",\"\",00ff,2026-05-02,2026-05-02 10:00:00.000005,"
                + "2026-05-02 10:00:00Z\n");
  }

  @Test
  void writesJsonLines() {
    assertThat(write(Form.JSONL))
        .isEqualTo(
            "{\"n\":null,\"i\":9007199254740993,\"h\":340282366920938463463374607431768211455,"
                + "\"nan\":\"NaN\",\"d\":0.1,\"m\":1.10,\"b\":true,\"s\":\"a\\\"b,\\nc\","
                + "\"s_2\":\"\",\"x\":\"00ff\",\"day\":\"2026-05-02\","
                + "\"t\":\"2026-05-02 10:00:00.000005\",\"z\":\"2026-05-02 10:00:00Z\"}\n");
  }

  @Test
  void writesOneJsonArray() {
    Answer answer = Form.JSON.to(stream(), new Style(false));
    answer.columns(List.of("a"), List.of("INT"));
    answer.row(new Object[] {1});
    answer.row(new Object[] {2});
    answer.end();

    assertThat(text()).isEqualTo("[{\"a\":1},\n {\"a\":2}]\n");
  }

  @Test
  void writesATableWithItsCount() {
    Answer answer = Form.TABLE.to(stream(), new Style(false));
    answer.columns(List.of("name", "total"), List.of("VARCHAR", "BIGINT"));
    answer.row(new Object[] {"x", 10L});
    answer.row(new Object[] {null, 7L});
    answer.end();

    assertThat(text()).isEqualTo("name  total\nx        10\nNULL      7\n(2 rows)\n");
  }

  private String write(Form form) {
    Answer answer = form.to(stream(), new Style(false));
    answer.columns(NAMES, NAMES);
    assertThat(answer.row(ROW)).isTrue();
    answer.end();
    return text();
  }

  private PrintStream stream() {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
