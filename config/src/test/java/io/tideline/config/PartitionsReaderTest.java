package io.tideline.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.tuning.EpochUnit;
import io.tideline.tuning.PartitionRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which partitions tables shall have, as the file says it. */
final class PartitionsReaderTest {
  @TempDir Path folder;

  private List<PartitionRule> read(String rule) throws IOException {
    Path file = folder.resolve("tideline.yaml");
    Files.writeString(
        file,
        """
        version: 1
        database: postgresql://me@localhost/x
        archive: archive
        partitions:
          logs: %s
        """
            .formatted(rule));
    return ConfigFile.load(file, Map.of()).settings().partitions();
  }

  @Test
  void readsEveryKey() throws IOException {
    PartitionRule usual = read("{table: logs, by: at, every: month}").get(0);
    assertThat(usual.ahead()).isEqualTo(3);
    assertThat(usual.names().pattern()).isEqualTo("{table}_{yyyy}_{MM}");
    PartitionRule full =
        read("{table: app.logs, by: at, every: 6h, ahead: 8, epoch: ms, start: 2026-05-01,"
                + " names: \"p{yyyy}{MM}{dd}{HH}{mm}\", unique_by: [id, at]}")
            .get(0);
    assertThat(full.every()).hasToString("360m");
    assertThat(full.epoch()).contains(EpochUnit.MILLISECONDS);
    assertThat(full.start()).contains(Instant.parse("2026-05-01T00:00:00Z"));
    assertThat(full.uniqueBy()).containsExactly("id", "at");
    assertThat(full.names().name("logs", Instant.parse("2026-05-02T06:00:00Z")))
        .isEqualTo("p202605020600");
  }

  @Test
  void refusesWhatHasNoMeaning() {
    refuses("{table: logs, by: at}", "lacks the key 'every'", "every: month");
    refuses("{table: logs, by: at, every: fortnight}", "Cannot use 'fortnight'", "day, week");
    refuses("{table: logs, by: at, every: 5m}", "for every 5 minutes", "1h or longer");
    refuses("{table: logs, by: at, every: day, ahead: 0}", "'ahead'", "1 to 400");
    refuses("{table: logs, by: at, every: day, epoch: weeks}", "'epoch'", "s, ms, us");
    refuses("{table: logs, by: at, every: day, start: may}", "Cannot use 'may'", "2026-05-01");
    refuses("{table: logs, by: at, every: day, names: 'p{yyyy}'}", "one name", "{MM}");
    refuses("{table: logs, by: at, every: day, names: 'p{week}'}", "{week} is not known", "{dd}");
    refuses("{table: logs, by: at, every: day, keep: 3}", "Unknown key 'keep'", "logs");
  }

  private void refuses(String rule, String... says) {
    assertThatThrownBy(() -> read(rule)).message().contains(says);
  }
}
