package io.tideline.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.policy.Action;
import io.tideline.policy.Settings;
import io.tideline.run.RestoreReport;
import io.tideline.run.RestoreRequest;
import io.tideline.run.RunListener;
import io.tideline.run.RunReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random tables, values and policies: what is live and what the archive shows are the original, and
 * disjoint; a restore gives the original back bit for bit.
 */
class NothingIsLostTest {
  private static final int SCENES = Integer.getInteger("tideline.scenes", 12);

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Product.class)
  void liveAndArchiveAreTheOriginalAndARestoreBringsItBack(Product product) {
    for (int i = 0; i < SCENES; i++) {
      long seed = new Random().nextLong();
      try {
        archiveAndRestore(product, seed);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("with seed " + seed + ": " + e.getMessage(), e);
      }
    }
  }

  private void archiveAndRestore(Product product, long seed) {
    Random random = new Random(seed);
    RandomTable table = RandomTable.any(product, random);
    RandomPolicy policy = RandomPolicy.of(table, Scene.RETAIN, Action.ARCHIVE, random);
    try (Scene scene = new Scene(folder, table, 100 + random.nextInt(400), random)) {
      Settings settings = scene.settings(policy.policy());
      RunReport report = scene.run(policy.policy());

      Map<String, String> live = scene.live();
      assertThat(scene.original).as("%s", table).containsAllEntriesOf(live);
      List<String> expired = scene.expired(policy, Scene.CUTOFF);
      List<String> away = new ArrayList<>(scene.original.keySet());
      away.removeAll(live.keySet());
      if (policy.keepsLatest()) {
        assertThat(expired).as("%s %s", table, report).containsAll(away);
      } else {
        assertThat(new TreeSet<>(away))
            .as("%s %s", table, report)
            .isEqualTo(new TreeSet<>(expired));
      }
      scene.isWhole(live, scene.view(settings));

      RestoreReport restored = scene.restore(settings, RestoreRequest.everything());
      assertThat(scene.live()).as("%s %s", table, restored).isEqualTo(scene.original);
      assertThat(restored.restored()).isEqualTo(away.size());
      assertThat(scene.view(settings)).as("what is back is not in the archive's view").isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void norWhileAnApplicationWorks(Product product) {
    for (int i = 0; i < Math.max(1, SCENES / 4); i++) {
      long seed = new Random().nextLong();
      try {
        archiveUnderTraffic(product, seed);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("with seed " + seed + ": " + e.getMessage(), e);
      }
    }
  }

  private void archiveUnderTraffic(Product product, long seed) {
    Random random = new Random(seed);
    RandomTable table = RandomTable.any(product, random);
    RandomPolicy policy = RandomPolicy.of(table, Scene.RETAIN, Action.ARCHIVE, random);
    try (Scene scene = new Scene(folder, table, 2_000, random)) {
      Settings settings = scene.settings(policy.policy());
      List<String> tags = scene.rows.stream().map(RandomRow::tag).toList();
      Traffic traffic = Traffic.start(scene.database, table, scene.maker, tags, seed);
      RunReport first = scene.run(settings, RunListener.NONE);
      RunReport second = scene.run(settings, RunListener.NONE);
      traffic.close();
      RunReport last = scene.run(settings, RunListener.NONE);
      account(
          scene,
          traffic,
          scene.live(),
          scene.view(settings),
          "%s%n%s%n%s%n%s".formatted(table, first, second, last));
    }
  }

  /** A row that the application deleted may be absent or in the view once; every other is there. */
  private static void account(
      Scene scene,
      Traffic traffic,
      Map<String, String> live,
      Map<String, String> view,
      String what) {
    TreeSet<String> tags = new TreeSet<>(scene.original.keySet());
    tags.addAll(traffic.last().keySet());
    tags.addAll(live.keySet());
    for (String tag : tags) {
      String isLive = live.get(tag);
      String isAway = view.get(tag);
      String name = tag + " of " + what;
      if (traffic.deleted().contains(tag)) {
        assertThat(isLive).as("deleted row %s", name).isNull();
        continue;
      }
      assertThat(isLive == null).as("in exactly one place: %s", name).isNotEqualTo(isAway == null);
      String expected = traffic.last().getOrDefault(tag, scene.original.get(tag));
      assertThat(isLive == null ? isAway : isLive).as("row %s", name).isEqualTo(expected);
    }
  }
}
