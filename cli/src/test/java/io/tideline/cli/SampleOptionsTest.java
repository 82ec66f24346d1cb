package io.tideline.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.tuning.Expectations;
import io.tideline.tuning.QueryParameter;
import io.tideline.tuning.QuerySpec;
import io.tideline.tuning.QueryText;
import io.tideline.tuning.QueryValue;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SampleOptionsTest {
  @TempDir Path dir;

  private final SampleOptions options = new SampleOptions();

  private Terminal terminal() {
    return new Shell(dir).terminal(new ByteArrayOutputStream(), new ByteArrayOutputStream());
  }

  private static List<QueryValue> samples(QuerySpec query, String name) {
    return query.parameters().stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow()
        .samples();
  }

  @Test
  void valuesAreWhatTheyLookLikeUnlessQuoted() {
    options.params =
        List.of("a=7", "a=-7.5", "a=null", "a=true", "a=x=y", "a='7'", "a='it''s'", "a=007", "a=");

    QuerySpec query = options.query("SELECT :a", terminal());

    assertThat(samples(query, "a"))
        .containsExactly(
            new QueryValue.Whole(7),
            new QueryValue.Real(-7.5),
            new QueryValue.Nothing(),
            new QueryValue.Truth(true),
            new QueryValue.Text("x=y"),
            new QueryValue.Text("7"),
            new QueryValue.Text("it's"),
            new QueryValue.Text("007"),
            new QueryValue.Text(""));
    assertThat(query.values(Instant.EPOCH, 0)).containsExactly(7L);
    assertThat(query.values(Instant.EPOCH, 10)).containsExactly(-7.5);
  }

  @Test
  void aFileGivesALineForEachRequest() throws IOException {
    Files.writeString(
        dir.resolve("v.csv"), "account,since\nacc-1,5\n\"a, \"\"b\"\"\",6\n\nacc-3,7\n");
    options.values = Path.of("v.csv");

    QuerySpec query = options.query("SELECT :since, :account", terminal());

    assertThat(query.values(Instant.EPOCH, 1)).containsExactly(6L, "a, \"b\"");
    assertThat(query.values(Instant.EPOCH, 3)).containsExactly(5L, "acc-1");
  }

  @Test
  void whatIsTextInTheConfigurationStaysText() {
    QuerySpec known =
        new QuerySpec(
            "q",
            QueryText.of("SELECT :a, :b"),
            List.of(
                QueryParameter.of("a", new QueryValue.Text("x")),
                QueryParameter.of("b", new QueryValue.Whole(1))),
            Expectations.NONE);
    options.params = List.of("a=7");

    QuerySpec query = options.vary(List.of(known), terminal()).get(0);

    assertThat(samples(query, "a")).containsExactly(new QueryValue.Text("7"));
    assertThat(samples(query, "b")).containsExactly(new QueryValue.Whole(1));
  }

  @Test
  void refusesFilesThatDoNotFit() throws IOException {
    options.values = Path.of("v.csv");
    assertThatThrownBy(() -> options.query("SELECT :a", terminal()))
        .hasMessageContaining("it cannot be read as UTF-8 text.");
    Files.writeString(dir.resolve("v.csv"), "a\n");
    assertThatThrownBy(() -> options.query("SELECT :a", terminal()))
        .hasMessageContaining("it has no values.");
    Files.writeString(dir.resolve("v.csv"), "a,b\n1\n");
    assertThatThrownBy(() -> options.query("SELECT :a", terminal()))
        .hasMessageContaining("its value 1 has not as many cells as its first line.");
    Files.writeString(dir.resolve("v.csv"), "a\n1\n");
    options.params = List.of("a=2");
    assertThatThrownBy(() -> options.query("SELECT :a", terminal()))
        .hasMessageContaining("the parameter a has values already.");
  }
}
