package io.tideline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commands say before they reach a database. */
final class FailuresTest {
  @TempDir Path dir;

  @Test
  void suggestsTheCommandThatWasMeant() {
    Shell.Said said = new Shell(dir).run("plna");

    assertThat(said.exit()).isEqualTo(2);
    assertThat(said.out()).isEmpty();
    assertThat(said.err())
        .contains("Unmatched argument", "'plna'", "Did you mean", "plan", "[argument-invalid]");
  }

  @Test
  void suggestsTheOptionThatWasMeant() {
    Shell.Said said = new Shell(dir).run("plan", "--polcy", "a");

    assertThat(said.exit()).isEqualTo(2);
    assertThat(said.err()).contains("--policy", "See 'tideline plan --help'.");
  }

  @Test
  void asksForTheRestOfAGroup() {
    Shell.Said said = new Shell(dir).run("hold");

    assertThat(said.exit()).isEqualTo(2);
    assertThat(said.err()).contains("Missing command after 'hold': add, list, remove.");
  }

  @Test
  void printsErrorsAsOneDocument() {
    Shell.Said said = new Shell(dir).run("plan", "--json", "--nope");

    assertThat(said.err()).isEmpty();
    JsonObject error = error(said);
    assertThat(error.get("code").getAsString()).isEqualTo("argument-invalid");
    assertThat(error.get("exit").getAsInt()).isEqualTo(2);
    assertThat(error.get("what").getAsString()).contains("--nope");
    assertThat(error.get("state").getAsString()).isEqualTo("Nothing was changed.");
    assertThat(error.get("mend").getAsString()).contains("tideline plan --help");
  }

  @Test
  void saysHowToGetAConfiguration() {
    Shell.Said said = new Shell(dir).run("status");

    assertThat(said.exit()).isEqualTo(2);
    assertThat(said.err())
        .contains("Error Cannot find tideline.yaml in " + dir, "tideline init DATABASE")
        .contains("[config-missing]");
  }

  @Test
  void tellsEveryProblemOfAConfigurationWithItsPlace() throws IOException {
    Files.writeString(dir.resolve("tideline.yaml"), "version: 1\narchiv: a\nfloor: x\n");
    Path deep = Files.createDirectories(dir.resolve("a/b"));

    Shell.Said said = new Shell(deep).run("stats", "--json");

    assertThat(said.exit()).isEqualTo(2);
    JsonObject error = error(said);
    assertThat(error.get("code").getAsString()).isEqualTo("config-invalid");
    assertThat(error.getAsJsonArray("problems")).hasSize(4);
    JsonObject second = error.getAsJsonArray("problems").get(2).getAsJsonObject();
    assertThat(second.get("line").getAsInt()).isEqualTo(2);
    assertThat(second.get("mend").getAsString()).isEqualTo("Did you mean 'archive'?");
    assertThat(new Shell(deep).run("stats").err()).contains("  2:1  Unknown key 'archiv'");
  }

  @Test
  void refusesAClockAheadOfTheMachine() throws IOException {
    writeConfig();
    String later = Instant.now().plus(1, ChronoUnit.HOURS).toString();

    Shell.Said said = new Shell(dir).run("plan", "--now", later);

    assertThat(said.exit()).isEqualTo(2);
    assertThat(said.err()).contains("[clock-wrong]", later);
    assertThat(new Shell(dir).run("plan", "--now", "yesterday").err())
        .contains("Cannot read 'yesterday' as the time of --now.", "2026-05-02T10:00:00Z");
  }

  @Test
  void refusesOptionsThatDoNotGoTogether() throws IOException {
    writeConfig();
    Shell shell = new Shell(dir);

    assertThat(shell.run("plan", "--columns", "id").err()).contains("without --list");
    assertThat(shell.run("run", "saved.plan", "--table", "t").err()).contains("saved plan");
    assertThat(shell.run("hold", "add", "--table", "t", "--reason", "r").err())
        .contains("give either --key or --where");
    assertThat(shell.run("restore", "--in-doubt").err()).contains("Add --into URL");
    assertThat(shell.run("restore", "--conflict", "merge").exit()).isEqualTo(2);
    assertThat(shell.run("restore", "--from", "x").err()).contains("the time of --from");
    assertThat(shell.run("export", "--format", "table").err()).contains("Cannot export as a table");
    assertThat(shell.run("history", "--last", "-1").err()).contains("last -1");
  }

  @Test
  void warmsUpInSilence() {
    Shell.Said said = new Shell(dir).run("warm-up");

    assertThat(said).isEqualTo(new Shell.Said(0, "", ""));
    assertThat(new Shell(dir).run().out()).doesNotContain("warm-up");
  }

  @Test
  void callsTheUnexpectedADefect() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal = new Shell(dir).terminal(out, err);
    RuntimeException defect = new IllegalStateException("a secret row value");

    assertThat(new Failures(terminal, new String[] {"plan"}).failed(defect)).isEqualTo(70);

    String text = err.toString(StandardCharsets.UTF_8);
    assertThat(text)
        .contains("This is a defect of Tideline: java.lang.IllegalStateException.")
        .contains("No row is lost", "--verbose")
        .doesNotContain("secret", "\tat ");
    new Failures(terminal, new String[] {"plan", "--verbose"}).failed(defect);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("\tat ");
  }

  private void writeConfig() throws IOException {
    Files.writeString(
        dir.resolve("tideline.yaml"), "version: 1\ndatabase: none.db\narchive: archive\n");
  }

  private static JsonObject error(Shell.Said said) {
    return JsonParser.parseString(said.out()).getAsJsonObject().getAsJsonObject("error");
  }
}
