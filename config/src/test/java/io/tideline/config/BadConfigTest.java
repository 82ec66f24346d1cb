package io.tideline.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tideline.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way in which a file can be wrong: what is said, and where. */
final class BadConfigTest {
  private static final String HEAD = "version: 1\ndatabase: a.db\narchive: a\n";

  @TempDir Path dir;

  static Stream<Arguments> top() {
    return Stream.of(
        bad("", "1:1  The file is empty."),
        bad("- a\n", "1:1  The file must be a mapping."),
        bad("version: 1\n", "1:1  The file lacks the key 'database'", "lacks the key 'archive'"),
        bad(
            "version: 2\ndatabase: a\narchive: a\n",
            "1:10  This Tideline reads version 1 of the file, not '2'. Use a newer Tideline"),
        bad("version: one\ndatabase: a\narchive: a\n", "1:10", "Write 'version: 1'."),
        bad(
            HEAD + "polices: {}\n",
            "4:1  Unknown key 'polices' in the file. Did you mean 'policies'?"),
        bad(HEAD + "xyzzy: 1\n", "4:1  Unknown key 'xyzzy'", "Known here: version, database,"),
        bad(HEAD + "archive: b\n", "4:1  The key 'archive' stands here a second time.", "line 3"),
        bad(HEAD + "floor: 0\n", "4:8  Cannot use '0' as 'floor' of the file."),
        bad(
            HEAD + "pace: gentel\n",
            "4:7  'pace' of the file cannot be 'gentel'",
            "Did you mean 'gentle'?"),
        bad(HEAD + "require: 24h\n", "4:10  'require' of the file must be a mapping."),
        bad(
            HEAD + "require: {bakup: 24h}\n",
            "4:11  Unknown key 'bakup' in 'require' of the file. Did you mean 'backup'?"),
        bad(HEAD + "require: {backup: 24}\n", "4:19  Cannot use '24' as 'backup' of 'require' of"),
        bad(
            HEAD + "require: {free_disk: 0}\n",
            "4:22  'free_disk' of 'require' of the file cannot be '0'. Write a size above zero"),
        bad(
            HEAD + "require: {max_eligible: 40}\n",
            "4:25  'max_eligible' of 'require' of the file cannot be '40'.",
            "such as '40%'"),
        bad(HEAD + "require: {max_eligible: 101%}\n", "4:25  'max_eligible'"),
        bad(
            HEAD + "require: {none: SELECT 1; SELECT 2}\n",
            "4:17  Cannot use the predicate \"SELECT 1; SELECT 2\": it has a semicolon"),
        bad(HEAD + "state:\n", "4:7  'state' of the file has no value."),
        bad(HEAD + "state: [a]\n", "4:8  'state' of the file must be a single value."),
        bad(HEAD + "state: ${NOPE}\n", "4:8", "The environment variable NOPE is not set. Set it"),
        bad(HEAD + "state: ${NO-PE}\n", "'${NO-PE}' names no environment variable."),
        bad(HEAD + "state: ${X\n", "'${' is not closed."),
        bad(HEAD + "state: ${file:gone}\n", "The file gone cannot be read (NoSuchFileException)."),
        bad(HEAD + "state: !x a\n", "4:8  The tag '!x' means nothing here."),
        bad(
            HEAD
                + "policies:\n  a: {table: t, time: c, action: move, archive_table: old}\n"
                + "  b: {table: u, time: c, action: move, archive_table: OLD}\n",
            "6:6  Policy 'b' cannot move rows to OLD: policy 'a' moves another table's there."
                + " Give it an 'archive_table' of its own."),
        bad(
            HEAD
                + "policies:\n  a: {table: t, time: c, action: move}\n"
                + "  b: {table: t_archive, time: c}\n",
            "5:6  Policy 'a' cannot move rows to t_archive: that is the table of policy 'b'."),
        bad(HEAD + "policies: [a]\n", "4:11  'policies' of the file must be a mapping."),
        bad(HEAD + "state: 'a\n", "This is not YAML", "5:1"),
        bad(HEAD + "a: b: c\n", "4:5  This is not YAML"),
        bad(HEAD + "---\nb: c\n", "4:1  This is not YAML"));
  }

  static Stream<Arguments> policies() {
    return Stream.of(
        bad("{time: c}", "5:6  Policy 'p' lacks the key 'table'. Add 'table: name'."),
        bad(
            "{table: t, retian: 3}",
            "5:17  Unknown key 'retian' in policy 'p'. Did you mean 'retain'?"),
        bad("{table: t, time: c, retain: 0}", "5:34  Cannot use '0' as 'retain' of policy 'p'."),
        bad("{table: t, time: c, retain: -3}", "5:34  Cannot use '-3' as 'retain'"),
        bad("{table: t, time: c, retain: 1.5}", "5:34  Cannot use '1.5' as 'retain'"),
        bad(
            "{table: t, time: c, retain: 3 months}",
            "Cannot use '3 months'",
            "Write 'off', or a whole"),
        bad("{table: t, retain: 3d}", "5:25  'retain' of policy 'p' needs a time to count from."),
        bad(
            "{table: t, time: c, action: drop}",
            "5:34  'action' of policy 'p' cannot be 'drop'",
            "archive, move, delete"),
        bad("{table: t, format: csv}", "Write one of: parquet, jsonl."),
        bad("{table: t, archive_table: x}", "has no meaning without 'action: move'"),
        bad(
            "{table: t, where: 'a; b'}",
            "5:24  Cannot use the predicate \"a; b\": it has a semicolon"),
        bad("{table: t, keep_if: '(a'}", "5:26", "'(' is not closed"),
        bad("{table: t, max_value: big}", "5:28  'max_value' of policy 'p' cannot be 'big'."),
        bad("{table: t, max_value: 0}", "Write a size above zero"),
        bad("{table: t, time: {}}", "5:23", "Write exactly one of them."),
        bad("{table: t, time: {column: a, sql: b}}", "are both given."),
        bad(
            "{table: t, time: {column: a, format: epoch}}",
            "5:43",
            "Write one of: auto, iso, epoch-s"),
        bad(
            "{table: t, time: {column: a, zone: Europe/Berln}}",
            "5:41",
            "Did you mean 'Europe/Berlin'?"),
        bad(
            "{table: t, time: {column: a, tz: x}}",
            "5:35  Unknown key 'tz' in 'time' of policy 'p'."),
        bad(
            "{table: t, time: c, keep_latest: {rows: 2}}",
            "'per' of 'keep_latest' of policy 'p' is missing."),
        bad("{table: t, time: c, keep_latest: {per: []}}", "is empty."),
        bad(
            "{table: t, time: c, keep_latest: {per: [a], rows: 0}}",
            "Write a whole number from 1 to 10000."),
        bad("{table: t, keep_latest: {per: [a]}}", "needs a time to tell the newest by."),
        bad("{table: t, <<: {time: c}}", "5:17  Merge keys ('<<') are not allowed."),
        bad("{table: t, table: u}", "5:17  The key 'table' stands here a second time."),
        bad("{table: t, [a]: u}", "A key must be a word."),
        bad("t", "5:6  Policy 'p' must be a mapping."));
  }

  static Stream<Arguments> trees() {
    return Stream.of(
        bad("dependents: u", "5:29  'dependents' of policy 'p' must be a list. Write '"),
        bad("dependents: [[u]]", "5:30  'dependents' of policy 'p' must be a single value."),
        bad("dependents: ['']", "5:30  'dependents' of policy 'p' is empty ('')."),
        bad(
            "dependents: [{tabel: u}]",
            "5:30  An entry of 'dependents' of policy 'p' lacks the key 'table'.",
            "5:31  Unknown key 'tabel' in an entry of 'dependents' of policy 'p'. Did you mean"),
        bad(
            "dependents: [{table: u, on: detatch}]",
            "5:45  'on' of an entry of 'dependents' of policy 'p' cannot be 'detatch'.",
            "Did you mean 'detach'? Write one of: delete, detach, keep."),
        bad("dependents: [{table: u, via: []}]", "5:46", "is empty. Write 'via: [column]'."),
        bad("dependents: [{table: u, via: [{}]}]", "5:47", "must be a single value"),
        bad("dependents: [{table: u, via: [a, a]}]", "5:50  'via' of", "names 'a' twice."),
        bad(
            "dependents: [u, {table: u, via: a}]",
            "5:33  'dependents' of policy 'p' says twice what becomes of one foreign key.",
            "told apart by 'via'"),
        bad("dependents: [u, v, u]", "5:36", "says twice"),
        bad(
            "dependents: [t]",
            "5:30  'dependents' of policy 'p' names the policy's own table. Remove it"),
        bad("max_tree: 0", "5:27  'max_tree' of policy 'p' cannot be '0'.", "from 1 to 100000000."),
        bad("max_tree: 100000001", "5:27", "from 1 to 100000000."),
        bad("max_tree: many", "5:27  'max_tree' of policy 'p' cannot be 'many'."),
        bad("max_tre: 5", "5:17  Unknown key 'max_tre'", "Did you mean 'max_tree'?"),
        bad(
            "large_trees: stepwize",
            "5:30  'large_trees' of policy 'p' cannot be 'stepwize'.",
            "Did you mean 'stepwise'? Write one of: keep, stepwise."));
  }

  static Stream<Arguments> references() {
    return Stream.of(
        bad("a(b) -> c(d)", "5:3  'references' of the file must be a list. Write '- child(column)"),
        bad(
            "- a.b -> c.d",
            "5:5  'references' of the file cannot hold 'a.b -> c.d'.",
            "or the keys"),
        bad("- a() -> c(d)", "5:5  'references' of the file cannot hold"),
        bad("- (b) -> c(d)", "5:5  'references' of the file cannot hold"),
        bad("- a(b,) -> c(d, e)", "5:5  'references' of the file cannot hold"),
        bad("- a(b) -> c(d) -> e(f)", "5:5  'references' of the file cannot hold"),
        bad(
            "- a(b, c) -> d(e)",
            "5:5  A reference has 2 columns on the left and 1 column on the right. Name as many"),
        bad(
            "- {table: a, columns: b, to: c, to_columns: [d, e]}",
            "5:5  A reference has 1 column on the left and 2 columns on the right."),
        bad(
            "- {tabel: a}",
            "5 problems",
            "5:5  An entry of 'references' of the file lacks the key 'table'.",
            "'columns' of an entry of 'references' of the file is missing. Add 'columns: [column]'.",
            "lacks the key 'to'",
            "Unknown key 'tabel'"),
        bad(
            "- a(b) -> c(d)\n  - {table: a, columns: b, to: c, to_columns: d}",
            "6:5  'references' of the file holds this reference twice."));
  }

  @ParameterizedTest
  @MethodSource("trees")
  void refusesTrees(String keys, String[] expected) throws IOException {
    assertSays(HEAD + "policies:\n  p: {table: t, " + keys + "}\n", expected);
  }

  @ParameterizedTest
  @MethodSource("references")
  void refusesReferences(String yaml, String[] expected) throws IOException {
    assertSays(HEAD + "references:\n  " + yaml + "\n", expected);
  }

  @ParameterizedTest
  @MethodSource("top")
  void refusesTheTop(String yaml, String[] expected) throws IOException {
    assertSays(yaml, expected);
  }

  @ParameterizedTest
  @MethodSource("policies")
  void refusesPolicies(String policy, String[] expected) throws IOException {
    assertSays(HEAD + "policies:\n  p: " + policy + "\n", expected);
  }

  @ParameterizedTest
  @MethodSource("names")
  void refusesNames(String name) throws IOException {
    assertSays(HEAD + "policies:\n  " + name + ": {table: t}\n", "A policy cannot be named");
  }

  static Stream<String> names() {
    return Stream.of("-a", "a/b", "'a b'", "''");
  }

  @ParameterizedTest
  @MethodSource("both")
  void tellsAllAtOnceInTheOrderOfTheFile(String yaml, String[] expected) throws IOException {
    assertSays(yaml, expected);
  }

  static Stream<Arguments> both() {
    return Stream.of(
        bad(
            HEAD + "floor: x\npolicies:\n  p: {tabel: t}\n  q: {table: t, time: c, retain: 0}\n",
            "4 problems.\n  4:8  ",
            "\n  6:6  Policy 'p' lacks",
            "\n  6:7  Unknown key 'tabel' in policy 'p'. Did you mean 'table'?",
            "\n  7:34  Cannot use '0'"));
  }

  private void assertSays(String yaml, String... expected) throws IOException {
    Path file = Files.writeString(dir.resolve("t.yaml"), yaml);
    ConfigException e =
        catchThrowableOfType(ConfigException.class, () -> ConfigFile.load(file, Map.of()));
    assertThat(e).as(yaml).isNotNull();
    assertThat(e.code()).isEqualTo(ErrorCode.CONFIG_INVALID);
    assertThat(e).hasMessageContaining("Nothing was changed.");
    assertThat(e.what()).as(yaml).contains(expected);
  }

  private static Arguments bad(String yaml, String... expected) {
    return Arguments.of(yaml, expected);
  }
}
