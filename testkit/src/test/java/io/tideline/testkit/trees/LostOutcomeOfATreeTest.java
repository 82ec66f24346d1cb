package io.tideline.testkit.trees;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.run.RunListener;
import io.tideline.run.Step;
import io.tideline.testkit.FailingAt;
import io.tideline.testkit.Product;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A large tree that stayed is not put back by a run that finds its outcome lost. */
class LostOutcomeOfATreeTest {
  private static final String REDATED =
      "UPDATE runs SET at = '2026-09-30 00:00:00' WHERE id = 'big'";
  private static final String DELETED =
      "DELETE FROM states WHERE id = (SELECT min(id) FROM states WHERE token_id LIKE 'big-%')";

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Product.class)
  void whatTheApplicationDeletedSinceStaysAway(Product product) throws IOException {
    try (LargeTree tree = new LargeTree(product, folder)) {
      tree.run(FailingAt.doing(Step.BATCH_COMMITTED, 4, () -> tree.database.execute(REDATED)));
      tree.database.execute(DELETED);
      Map<String, List<String>> live = tree.live();
      assertThat(tree.runs()).contains("big");
      try (Stream<Path> files = Files.walk(tree.settings().archive().resolve("runs"))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".outcome.json")).toList()) {
          Files.delete(file);
        }
      }

      tree.run(RunListener.NONE);

      assertThat(tree.live()).isEqualTo(live);
    }
  }
}
