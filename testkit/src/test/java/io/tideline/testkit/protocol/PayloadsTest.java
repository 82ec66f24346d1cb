package io.tideline.testkit.protocol;

import static io.tideline.testkit.protocol.PayloadScene.hash;
import static io.tideline.testkit.protocol.PayloadScene.hashes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.Tideline;
import io.tideline.core.archive.Storage;
import io.tideline.error.ErrorCode;
import io.tideline.error.ExitCode;
import io.tideline.error.TidelineException;
import io.tideline.plan.Finding;
import io.tideline.plan.PayloadPlan;
import io.tideline.policy.Action;
import io.tideline.policy.Dependent;
import io.tideline.policy.Policy;
import io.tideline.policy.Selection;
import io.tideline.policy.Settings;
import io.tideline.run.PayloadRemovals;
import io.tideline.run.PayloadSweep;
import io.tideline.testkit.Product;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which files of a payload store go, and that none goes that anything refers to. */
class PayloadsTest {
  @TempDir Path folder;

  private static void waitOut(PayloadScene scene) {
    scene.clock.advance(Duration.ofDays(3));
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void onlyFilesOfRootsThatEndedLongAgoGo(Product product) {
    try (PayloadScene scene = new PayloadScene(product, folder)) {
      scene.put("old", "shared", "fresh", "open", "stuck", "rootless", "never", "prefixed", "held");
      scene.refer(1, "old", hash("old"));
      scene.refer(2, "old", hash("shared"));
      scene.refer(3, "fresh", hash("shared"));
      scene.refer(4, "fresh", hash("fresh"));
      scene.refer(5, "open", hash("open"));
      scene.refer(6, "stuck", hash("stuck"));
      scene.refer(7, null, hash("rootless"));
      scene.refer(8, "older", "sha256:" + hash("prefixed"));
      scene.refer(9, "fresh", hash("not there"));
      scene.refer(10, "old", hash("gone long ago"));
      scene.refer(11, "older", hash("held"));
      try (Tideline tideline = scene.open(new Storage())) {
        tideline.hold("items", List.of("11"), Optional.empty(), "audit", Optional.empty());
      }

      PayloadPlan plan = scene.plan();

      // The hold on row 11 keeps the tree of 'older', and with it the file of row 8.
      assertThat(plan.files().files()).isEqualTo(9);
      assertThat(plan.held().files()).isEqualTo(7);
      assertThat(plan.goes()).isEqualTo(new PayloadPlan.Amount(1, 3));
      assertThat(plan.orphans().files()).isEqualTo(1);
      PayloadPlan.Column column = plan.columns().get(0);
      assertThat(column.column()).isEqualTo("items.source_ref");
      assertThat(column.references()).isEqualTo(11);
      assertThat(column.missing()).isEqualTo(1);
      assertThat(column.rootless()).isEqualTo(1);
      assertThat(column.examples()).containsExactly("missing: key 9");
      assertThat(scene.states())
          .containsExactlyInAnyOrder(
              PayloadPlan.State.GOES, PayloadPlan.State.ORPHAN, PayloadPlan.State.MISSING);
      assertThat(scene.files()).hasSize(9);

      PayloadSweep first = scene.sweep();
      assertThat(first.exit()).isEqualTo(ExitCode.DONE);
      assertThat(first.trashed().files()).isEqualTo(1);
      assertThat(first.waiting().files()).isEqualTo(1);
      assertThat(scene.trash()).isEqualTo(hashes("old"));
      scene.clock.advance(Duration.ofHours(48));
      assertThat(scene.sweep().removed().files()).as("exactly the grace old").isZero();
      waitOut(scene);
      PayloadSweep second = scene.sweep();
      assertThat(second.removed()).isEqualTo(new PayloadPlan.Amount(1, 3));
      assertThat(scene.trash()).isEmpty();
      assertThat(scene.files()).doesNotContain(hash("old")).hasSize(8);
      try (Tideline tideline = scene.open(new Storage())) {
        List<PayloadRemovals> report = tideline.payloads().report();
        assertThat(report).hasSize(1);
        assertThat(report.get(0).run()).isEqualTo(second.run());
        assertThat(report.get(0).files()).isEqualTo(1);
        assertThat(report.get(0).problem()).isEmpty();
        List<PayloadRemovals.Removed> removed = new ArrayList<>();
        tideline.payloads().removed(second.run(), removed::add);
        assertThat(removed).containsExactly(new PayloadRemovals.Removed(hash("old"), 3));
        assertThat(tideline.verify(Optional.empty(), event -> {}).problems()).isEmpty();
        List<String> kinds = new ArrayList<>();
        tideline.record(line -> kinds.add(line.kind()));
        assertThat(kinds).containsExactly("begun", "sweeping", "swept");
        assertThat(tideline.checkRecord(Optional.empty()).pending()).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void archiveTablesWhoseReferencesNobodyReadsAreTold(Product product) {
    try (PayloadScene scene = new PayloadScene(product, folder)) {
      scene.database.execute(
          "CREATE TABLE items_archive (id integer, run_id text, source_ref text)");
      Policy move =
          Policy.of("runs", "runs")
              .time("completed_at")
              .action(Action.MOVE)
              .dependents(List.of(Dependent.of("items"), Dependent.of("tokens")))
              .build();
      Settings settings =
          Settings.of(scene.database.url(), scene.archive, List.of(move))
              .withPayloads(scene.settings().payloads().orElseThrow());
      try (Tideline tideline = Tideline.open(settings, scene.clock)) {
        assertThat(tideline.payloads().plan(PayloadPlan.Listing.NONE).findings())
            .containsExactly(
                new Finding(
                    "payloads-moved",
                    "rows of items are moved to items_archive, where their references hold nothing",
                    "Add items_archive.source_ref to 'columns' of 'payloads'."));
      }
      assertThat(scene.plan().findings()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void everyWayToARootCounts(Product product) {
    try (PayloadScene scene = new PayloadScene(product, folder)) {
      scene.put("state", "state2", "operation", "both", "neither", "token", "parent", "cycle");
      String call = "INSERT INTO calls VALUES (%s, %s, %s, %s, '%s')";
      scene.database.execute(
          call.formatted(1, 1, "'old'", "NULL", hash("state")),
          call.formatted(2, 2, "'fresh'", "NULL", hash("state2")),
          call.formatted(3, "NULL", "NULL", 1, hash("operation")),
          call.formatted(4, 3, "'old'", 2, hash("both")),
          call.formatted(5, "NULL", "'old'", "NULL", hash("neither")),
          "INSERT INTO tokens VALUES (1, NULL, 'fresh', NULL), (2, 1, NULL, NULL),"
              + " (3, 2, 'old', '"
              + hash("parent")
              + "'),"
              + " (4, NULL, 'old', '"
              + hash("token")
              + "'), (5, NULL, 'old', '"
              + hash("cycle")
              + "'), (6, 5, 'old', NULL)",
          "UPDATE tokens SET parent = 6 WHERE id = 5");

      scene.sweep();

      assertThat(scene.trash()).isEqualTo(hashes("state", "operation", "token", "cycle"));
      assertThat(scene.files()).isEqualTo(hashes("state2", "both", "neither", "parent"));
    }
  }

  @Test
  void aChainOfAnyDepthIsFollowed() {
    try (PayloadScene scene = new PayloadScene(Product.SQLITE, folder)) {
      scene.put("deep", "other");
      scene.database.execute(
          "INSERT INTO tokens VALUES (1, NULL, 'fresh', NULL)",
          "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)"
              + " INSERT INTO tokens SELECT i, i - 1, 'old', NULL FROM n",
          "UPDATE tokens SET data_ref = '" + hash("deep") + "' WHERE id = 3000",
          "INSERT INTO tokens VALUES (9000, NULL, 'old', '" + hash("other") + "')");
      scene.sweep();
      assertThat(scene.trash()).isEqualTo(hashes("other"));
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void whatIsNoReferenceAndCouldMeanAFileHoldsIt(Product product) {
    try (PayloadScene scene = new PayloadScene(product, folder)) {
      String[] all = {
        "upper", "space", "path", "json", "short", "git", "base64", "SHA256", "plain", "quoted"
      };
      scene.put(all);
      scene.refer(1, "old", hash("upper").toUpperCase(Locale.ROOT));
      scene.refer(2, "old", " " + hash("space") + "\n");
      scene.refer(3, "old", "s3://bucket/" + hash("path") + ".bin");
      scene.refer(4, "old", "{\"ref\": \"sha256:" + hash("json") + "\"}");
      scene.refer(5, "old", hash("short").substring(0, 40));
      scene.refer(6, "old", hash("git").substring(0, 2) + "/" + hash("git").substring(2));
      scene.refer(
          7,
          "old",
          java.util.Base64.getEncoder()
              .encodeToString(java.util.HexFormat.of().parseHex(hash("base64"))));
      scene.refer(8, "old", "SHA256:" + hash("SHA256"));
      scene.refer(9, "old", hash("plain"));
      scene.refer(10, "old", "");
      scene.refer(11, "old", "no hash at all, none whatever");
      scene.refer(12, "old", "\"" + hash("quoted") + "\"");
      scene.database.execute("INSERT INTO items VALUES (13, 'old', NULL)");

      PayloadPlan plan = scene.plan();

      assertThat(plan.columns().get(0).malformed()).isEqualTo(11);
      assertThat(plan.columns().get(0).none()).isEqualTo(1);
      assertThat(plan.columns().get(0).examples()).hasSize(3).contains("malformed: key 1");
      scene.sweep();
      assertThat(scene.trash()).isEqualTo(hashes("plain"));
    }
  }

  @Test
  void rawBytesHoldTheirFile() {
    try (PayloadScene scene = new PayloadScene(Product.SQLITE, folder)) {
      scene.put("raw", "wide");
      scene.database.execute("INSERT INTO items VALUES (1, 'old', x'" + hash("raw") + "')");
      String wide =
          hash("wide").chars().mapToObj(c -> "%02x00".formatted(c)).reduce("", String::concat);
      scene.database.execute("INSERT INTO items VALUES (2, 'old', x'" + wide + "')");
      assertThat(scene.plan().held().files()).isEqualTo(2);
    }
  }

  @Test
  void onlyFilesInTheirPlaceAreEverTouched() throws IOException {
    try (PayloadScene scene = new PayloadScene(Product.SQLITE, folder)) {
      scene.configure(p -> p.withOrphans(true));
      scene.put("kept", "goes", "");
      scene.refer(1, "fresh", hash("kept"));
      String misfiled = hash("misfiled");
      scene.file(scene.store.resolve(misfiled), "misfiled", PayloadScene.OLD);
      scene.file(scene.store.resolve("00").resolve(misfiled), "misfiled", PayloadScene.OLD);
      String upper = hash("upper").toUpperCase(Locale.ROOT);
      scene.file(
          scene.store.resolve(upper.substring(0, 2)).resolve(upper), "upper", PayloadScene.OLD);
      scene.file(scene.store.resolve("README.md"), "read me", PayloadScene.OLD);
      scene.file(scene.place("young"), "young", Duration.ofHours(48));
      scene.file(scene.place("future"), "future", Duration.ofDays(-1));
      Path outside = folder.resolve("outside");
      scene.file(outside, "outside", PayloadScene.OLD);
      Files.createDirectories(scene.place("link").getParent());
      Files.createSymbolicLink(scene.place("link"), outside);
      Path elsewhere = folder.resolve("elsewhere");
      String inLinked = "linked";
      scene.file(elsewhere.resolve(hash(inLinked)), inLinked, PayloadScene.OLD);
      Files.createSymbolicLink(scene.store.resolve(hash(inLinked).substring(0, 2)), elsewhere);
      Files.createDirectories(scene.place("a folder"));

      PayloadPlan plan = scene.plan();
      assertThat(plan.misfiled().files()).isEqualTo(2);
      assertThat(plan.strange().files()).isEqualTo(2);
      assertThat(plan.links().files()).isEqualTo(2);
      assertThat(plan.young().files()).isEqualTo(2);
      assertThat(plan.goes().files()).isEqualTo(2);
      scene.sweep();

      assertThat(scene.trash()).isEqualTo(hashes("goes", ""));
      assertThat(outside).exists();
      assertThat(elsewhere.resolve(hash(inLinked))).exists();
    }
  }

  @Test
  void aFileThatIsReferredToAgainComesBack() {
    try (PayloadScene scene = new PayloadScene(Product.SQLITE, folder)) {
      scene.put("again", "rewritten", "wrong", "gone");
      for (String each : List.of("again", "rewritten", "wrong", "gone")) {
        scene.refer(each.hashCode(), "old", hash(each));
      }
      scene.sweep();
      assertThat(scene.trash()).hasSize(4);
      scene.refer(1, "fresh", hash("again"));
      scene.refer(2, "fresh", hash("rewritten"));
      scene.refer(3, "fresh", hash("wrong"));
      scene.put("rewritten");
      scene.file(scene.place("wrong"), "other content", PayloadScene.OLD);

      PayloadSweep sweep = scene.sweep();

      assertThat(sweep.returned().files()).isEqualTo(1);
      assertThat(sweep.exit()).isEqualTo(ExitCode.ROWS_LEFT);
      assertThat(sweep.problems()).hasSize(1).allMatch(text -> text.contains("other content"));
      assertThat(scene.place("again")).hasContent("again");
      waitOut(scene);
      assertThat(scene.sweep().removed().files()).isEqualTo(1);
      assertThat(scene.trash()).isEqualTo(hashes("wrong"));
      assertThat(scene.place("rewritten")).hasContent("rewritten");
    }
  }

  @Test
  void aReferenceThatComesWhileFilesAreMovedBringsThemBackAtOnce() {
    try (PayloadScene scene = new PayloadScene(Product.SQLITE, folder)) {
      scene.put("race", "gone");
      scene.refer(1, "old", hash("race"));
      scene.refer(2, "old", hash("gone"));
      Storage racing =
          new Storage() {
            private boolean done;

            @Override
            public void rename(Path from, Path to) throws IOException {
              super.rename(from, to);
              if (!done && to.toString().contains(hash("race"))) {
                done = true;
                scene.refer(3, "fresh", hash("race"));
              }
            }
          };

      PayloadSweep sweep = scene.sweep(racing);

      assertThat(sweep.trashed().files()).isEqualTo(2);
      assertThat(sweep.returned().files()).isEqualTo(1);
      assertThat(scene.files()).isEqualTo(hashes("race"));
    }
  }

  @Test
  void aFileThatChangesBetweenJudgementAndMoveStays() {
    try (PayloadScene scene = new PayloadScene(Product.SQLITE, folder)) {
      scene.put("changing");
      scene.refer(1, "old", hash("changing"));
      Storage writing =
          new Storage() {
            @Override
            public void rename(Path from, Path to) throws IOException {
              if (from.equals(scene.place("changing"))) {
                scene.file(from, "changing", Duration.ofSeconds(1));
              }
              super.rename(from, to);
            }
          };
      assertThat(scene.sweep(writing).trashed().files()).isZero();
      assertThat(scene.files()).isEqualTo(hashes("changing"));
    }
  }

  @Test
  void withoutRootEveryLiveReferenceHolds() {
    try (PayloadScene scene = new PayloadScene(Product.SQLITE, folder)) {
      scene.withoutRoot();
      scene.put("referred", "orphan");
      scene.refer(1, "older", hash("referred"));
      assertThat(scene.plan().goes().files()).isZero();
      assertThat(scene.sweep().trashed().files()).isZero();
      scene.configure(p -> p.withOrphans(true));
      assertThat(scene.sweep().trashed().files()).isEqualTo(1);
      assertThat(scene.files()).isEqualTo(hashes("referred"));
    }
  }

  @Test
  void aFileOfRowsThatWereArchivedIsNoOrphan() {
    try (PayloadScene scene = new PayloadScene(Product.SQLITE, folder)) {
      scene.put("archived", "orphan");
      scene.refer(1, "old", hash("archived"));
      scene.database.execute("ALTER TABLE items ADD COLUMN at text");
      scene.database.execute("UPDATE items SET at = '2026-01-01 00:00:00'");
      Policy items = Policy.of("items", "items").time("at").retain(Duration.ofDays(30)).build();
      Settings settings =
          Settings.of(scene.database.url(), scene.archive, List.of(items))
              .withPace(io.tideline.policy.Pace.OFFLINE);
      try (Tideline tideline = Tideline.open(settings, scene.clock)) {
        tideline.run(tideline.plan(Selection.all(), event -> {}), event -> {});
      }
      assertThat(scene.database.count("items")).isZero();

      // The policy was not the root's: the row's root surely ended only before it was archived.
      assertThat(scene.plan().orphans().files()).isEqualTo(2);
      scene.withoutRoot();
      assertThat(scene.plan().goes().files()).isEqualTo(1);
      scene.sweep();
      assertThat(scene.trash()).isEqualTo(hashes("archived"));
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void nothingIsSweptIfReferencesCannotBeRead(Product product) {
    try (PayloadScene scene = new PayloadScene(product, folder)) {
      scene.put("old", "late");
      scene.refer(1, "old", hash("old"));
      scene.refer(2, "old", hash("late"));
      scene.database.execute("ALTER TABLE calls RENAME COLUMN request_ref TO renamed");
      assertThatThrownBy(scene::sweep)
          .isInstanceOfSatisfying(
              TidelineException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.COLUMN_UNKNOWN));
      scene.database.execute("ALTER TABLE calls RENAME TO calls2");
      assertThatThrownBy(scene::sweep)
          .isInstanceOfSatisfying(
              TidelineException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.TABLE_UNKNOWN));
      assertThat(scene.files()).hasSize(2);
      assertThat(scene.trash()).isEmpty();
    }
  }

  @Test
  void aHugeValueIsNoReferenceAndNothingIsSwept() {
    try (PayloadScene scene = new PayloadScene(Product.SQLITE, folder)) {
      scene.put("old");
      scene.refer(1, "old", hash("old"));
      scene.database.execute(
          "INSERT INTO operations VALUES (9, 'old', NULL, hex(zeroblob(600000)))");
      assertThatThrownBy(scene::sweep)
          .isInstanceOf(TidelineException.class)
          .hasMessageStartingWith(
              "Cannot read the references of operations.output_ref: it has a value of 1200000"
                  + " bytes, which is no reference. Nothing was swept");
      assertThat(scene.trash()).isEmpty();
    }
  }

  @Test
  void theFolderMustBeARealOne() throws IOException {
    try (PayloadScene scene = new PayloadScene(Product.SQLITE, folder)) {
      Path link = Files.createSymbolicLink(folder.resolve("link"), scene.store);
      scene.configure(p -> io.tideline.policy.Payloads.of(link, p.columns()));
      assertThatThrownBy(scene::plan)
          .hasMessage(
              "Cannot use the payload folder "
                  + link
                  + ": it is a link. No file was moved or removed. Name the folder that the link"
                  + " leads to.");
      scene.configure(p -> io.tideline.policy.Payloads.of(folder.resolve("none"), p.columns()));
      assertThatThrownBy(scene::sweep).hasMessageContaining("it is not there");
    }
  }

  @Test
  void aStoreBelongsToOneDatabase() {
    try (PayloadScene one = new PayloadScene(Product.SQLITE, folder.resolve("one"));
        PayloadScene other = new PayloadScene(Product.SQLITE, folder.resolve("two"))) {
      one.put("kept");
      one.sweep();
      other.configure(
          p -> io.tideline.policy.Payloads.of(one.store, p.columns()).withOrphans(true));
      assertThatThrownBy(other::sweep)
          .hasMessageContaining("it belongs to another database, ")
          .hasMessageContaining("Give each database a folder of its own");
      assertThat(one.files()).isEqualTo(hashes("kept"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void manyPassesSayTheSameAsOne(int most) {
    try (PayloadScene scene = new PayloadScene(Product.SQLITE, folder)) {
      for (int i = 0; i < 40; i++) {
        scene.put("p" + i);
        scene.refer(i, i % 3 == 0 ? "fresh" : "old", hash("p" + i));
      }
      scene.refer(100, "fresh", hash("missing"));
      PayloadPlan one = scene.plan();
      try (Tideline tideline = scene.open(new Storage())) {
        assertThat(tideline.payloads().withPassesOf(most).plan(PayloadPlan.Listing.NONE))
            .isEqualTo(one);
        assertThat(tideline.payloads().withPassesOf(most).sweep(event -> {}).trashed().files())
            .isEqualTo(26);
      }
      assertThat(one.goes().files()).isEqualTo(26);
    }
  }

  /** Dies before the n-th change of the disk, for every n, and ever after. */
  private static final class Dying extends Storage {
    private int left;
    private boolean dead;

    Dying(int changes) {
      left = changes;
    }

    private void step() {
      if (left-- <= 0) {
        dead = true;
        throw new IllegalStateException("killed");
      }
    }

    @Override
    public java.io.OutputStream create(Path file) throws IOException {
      step();
      return super.create(file);
    }

    @Override
    public java.io.OutputStream append(Path file) throws IOException {
      step();
      java.io.OutputStream out = super.append(file);
      if (left == 0) { // a line torn in two
        out.write("{\"hash\":\"torn".getBytes(java.nio.charset.StandardCharsets.UTF_8));
      }
      step();
      return out;
    }

    @Override
    public void sync(Path file) throws IOException {
      step();
      super.sync(file);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
      step();
      super.rename(from, to);
    }

    @Override
    public void delete(Path file) throws IOException {
      step();
      super.delete(file);
    }
  }

  @Test
  void aSweepKilledAnywhereGoesOn() {
    for (int changes = 0; ; changes++) {
      try (PayloadScene scene = new PayloadScene(Product.SQLITE, folder.resolve("n" + changes))) {
        for (int i = 0; i < 3; i++) {
          scene.put("earlier" + i);
          scene.refer(10 + i, "old", hash("earlier" + i));
        }
        scene.sweep();
        scene.refer(20, "fresh", hash("earlier0"));
        waitOut(scene);
        for (int i = 0; i < 3; i++) {
          scene.put("later" + i);
          scene.refer(30 + i, i == 0 ? "open" : "old", hash("later" + i));
        }
        Dying dying = new Dying(changes);
        boolean killed = false;
        try {
          scene.sweep(dying);
        } catch (IllegalStateException e) {
          killed = true;
        }
        assertThat(killed).isEqualTo(dying.dead);
        var all = new java.util.TreeSet<>(scene.files());
        all.addAll(scene.trash());
        assertThat(all).contains(hash("earlier0"), hash("later0"), hash("later1"), hash("later2"));

        scene.sweep();
        waitOut(scene);
        PayloadSweep last = scene.sweep();

        assertThat(last.problems()).isEmpty();
        assertThat(scene.files()).as("after %d", changes).isEqualTo(hashes("earlier0", "later0"));
        assertThat(scene.trash()).isEmpty();
        try (Tideline tideline = scene.open(new Storage())) {
          List<PayloadRemovals.Removed> removed = new ArrayList<>();
          for (PayloadRemovals each : tideline.payloads().report()) {
            assertThat(each.problem()).isEmpty();
            tideline.payloads().removed(each.run(), removed::add);
          }
          assertThat(removed.stream().map(PayloadRemovals.Removed::hash))
              .as("after %d", changes)
              .containsExactlyInAnyOrderElementsOf(
                  hashes("earlier1", "earlier2", "later1", "later2"));
        }
        if (!dying.dead) {
          assertThat(changes).isGreaterThan(10);
          return;
        }
      }
    }
  }
}
