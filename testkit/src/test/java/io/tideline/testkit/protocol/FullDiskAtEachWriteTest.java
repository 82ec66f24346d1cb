package io.tideline.testkit.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.core.archive.Storage;
import io.tideline.error.ErrorCode;
import io.tideline.error.ExitCode;
import io.tideline.error.TidelineException;
import io.tideline.policy.Action;
import io.tideline.run.RecordReport;
import io.tideline.run.RunListener;
import io.tideline.run.RunReport;
import io.tideline.testkit.Product;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The archive's disk is full at the n-th thing written, for every n until the run comes through.
 */
@Tag("exhaustive")
class FullDiskAtEachWriteTest {
  @TempDir Path folder;

  /** A storage whose disk is full at the n-th write, and ever after. */
  private static final class Filling extends Storage {
    private int left;
    private boolean full;

    Filling(int writes) {
      left = writes;
    }

    private void take() throws IOException {
      if (left-- <= 0) {
        full = true;
        throw new IOException("No space left on device");
      }
    }

    private OutputStream filling(OutputStream out) {
      return new FilterOutputStream(out) {
        @Override
        public void write(int b) throws IOException {
          take();
          out.write(b);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
          take();
          out.write(bytes, from, count);
        }
      };
    }

    @Override
    public OutputStream create(Path file) throws IOException {
      take();
      return filling(super.create(file));
    }

    @Override
    public OutputStream append(Path file) throws IOException {
      take();
      return filling(super.append(file));
    }

    @Override
    public void sync(Path file) throws IOException {
      take();
      super.sync(file);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
      take();
      super.rename(from, to);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "SQLITE, parquet, ARCHIVE, 8",
    "SQLITE, jsonl, ARCHIVE, 8",
    "POSTGRESQL, parquet, ARCHIVE, 8",
    "SQLITE, parquet, DELETE, 8",
    "POSTGRESQL, parquet, MOVE, 8"
  })
  void nothingIsLostAndTheNextRunFinishes(
      Product product, String format, Action action, int least) {
    int failures = 0;
    for (int writes = 0; ; writes++) {
      try (Events events = new Events(product, folder.resolve(format + product + writes))) {
        var settings = events.settings(events.policy().format(format).action(action).build());
        Filling storage = new Filling(writes);
        RunReport report = null;
        try {
          report = events.run(settings, RunListener.NONE, storage);
        } catch (TidelineException e) {
          assertThat(e.code()).isEqualTo(ErrorCode.DISK_FULL);
        }
        if (!storage.full) {
          assertThat(report).isNotNull();
          assertThat(failures).isGreaterThan(least);
          return;
        }
        failures++;
        assertThat(
                report == null
                    || report.exit() == ExitCode.STOPPED
                    || report.exit() == ExitCode.DONE)
            .as("write %s: %s", writes, report)
            .isTrue();

        events.run(settings, RunListener.NONE);
        assertThat(events.live()).as("write %s", writes).hasSize(10);
        RecordReport record = events.checked(Optional.empty());
        assertThat(record.problems()).as("write %s", writes).isEmpty();
        assertThat(record.pending()).as("write %s", writes).isEmpty();
        if (action != Action.ARCHIVE) {
          continue;
        }
        List<String> all = new ArrayList<>(events.view(false));
        assertThat(all).as("write %s", writes).hasSize(30).doesNotHaveDuplicates();
      }
    }
  }
}
