package io.tideline.testkit.trees;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.Tideline;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.policy.Payloads;
import io.tideline.policy.Settings;
import io.tideline.run.RunEvent;
import io.tideline.run.RunListener;
import io.tideline.run.Step;
import io.tideline.testkit.Product;
import io.tideline.testkit.SettableClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files to which rows refer that went already, of a tree that must be put back. */
class PayloadsOfLargeTreesTest {
  private static final String HASH = "ab" + "0".repeat(62);

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Product.class)
  void stayUntilTheTreeIsWholeAgain(Product product) throws Exception {
    Path store = Files.createDirectory(folder.resolve("payloads")).toRealPath();
    Path file = Files.createDirectory(store.resolve("ab")).resolve(HASH);
    Files.writeString(file, "content");
    Files.setLastModifiedTime(file, FileTime.from(LargeTree.NOW.minus(Duration.ofDays(300))));
    try (LargeTree tree = new LargeTree(product, folder)) {
      String token = LargeTree.token("big", 49);
      tree.database.execute(
          "UPDATE tokens SET payload = '" + HASH + "' WHERE id = '" + token + "'");
      String find = "SELECT 1 FROM tokens WHERE id = '" + token + "'";
      assertThatThrownBy(
              () ->
                  tree.run(
                      event -> {
                        if (event instanceof RunEvent.Stepped e
                            && e.step() == Step.BATCH_COMMITTED
                            && tree.database.query(find).isEmpty()) {
                          throw new IllegalStateException("killed");
                        }
                      }))
          .hasMessage("killed");
      tree.database.execute("UPDATE runs SET retry_of = 'big' WHERE id = 'fresh'");

      Payloads payloads = Payloads.of(store, List.of("tokens.payload")).withOrphans(true);
      Settings settings = tree.settings().withPayloads(payloads);
      try (Tideline tideline = Tideline.open(settings, new SettableClock(LargeTree.NOW))) {
        assertThatThrownBy(() -> tideline.payloads().sweep(RunListener.NONE))
            .isInstanceOfSatisfying(
                TidelineException.class,
                e -> assertThat(e.code()).isEqualTo(ErrorCode.PAYLOADS_IN_DOUBT))
            .hasMessageMatching(
                "Cannot sweep payloads: the run \\S+ was interrupted half-way through a large tree,"
                    + " whose rows may be put back\\. No file was moved .*");
        tree.run(RunListener.NONE);
        assertThat(tree.database.query(find)).hasSize(1);
        assertThat(tideline.payloads().sweep(RunListener.NONE).trashed().files()).isZero();
        assertThat(file).exists();
      }
    }
  }
}
