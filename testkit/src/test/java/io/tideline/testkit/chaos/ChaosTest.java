package io.tideline.testkit.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.testkit.Product;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A few short episodes of the campaign that {@code make chaos} plays for as long as one likes; with
 * {@code -Dtideline.seed} one of them again.
 */
class ChaosTest {
  private static final int EPISODES = Integer.getInteger("tideline.episodes", 1);
  private static final Optional<Long> SEED = Optional.ofNullable(Long.getLong("tideline.seed"));

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Product.class)
  void everyRowIsLiveOrAwayExactlyOnce(Product product) {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
    try (Campaign campaign = new Campaign(folder, false, out)) {
      for (int i = 0; i < EPISODES; i++) {
        long seed = SEED.isPresent() ? SEED.get() + i : new Random().nextInt(1_000_000_000);
        List<String> findings = campaign.play(seed, product, 2, 200);
        assertThat(findings).as("%s", said.toString(StandardCharsets.UTF_8)).isEmpty();
      }
    }
  }
}
