package io.tideline.testkit.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.core.archive.HoldBook;
import io.tideline.core.archive.Storage;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.run.Hold;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk is full in the middle of a hold's line. */
class HalfAHoldTest {
  @TempDir Path folder;

  /** A storage that writes half of what is appended. */
  private static final class Half extends Storage {
    @Override
    public OutputStream append(Path file) throws IOException {
      return new FilterOutputStream(super.append(file)) {
        @Override
        public void write(byte[] bytes) throws IOException {
          out.write(bytes, 0, bytes.length / 2);
          throw new IOException("No space left on device");
        }
      };
    }
  }

  private static Hold hold(String id) {
    return new Hold(
        id,
        "events",
        List.of("7"),
        Optional.empty(),
        Optional.empty(),
        "dispute",
        Instant.EPOCH,
        Optional.empty());
  }

  @Test
  void theNextHoldIsPlacedAsIfTheFirstHadNeverBeenTried() throws IOException {
    HoldBook book = new HoldBook(folder, new Storage());
    book.place(hold("one"));
    String before = Files.readString(folder.resolve("holds.jsonl"));

    assertThatThrownBy(() -> new HoldBook(folder, new Half()).place(hold("two")))
        .isInstanceOfSatisfying(
            TidelineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DISK_FULL));

    assertThat(folder.resolve("holds.jsonl")).hasContent(before.strip());
    book.place(hold("three"));
    assertThat(book.inForce(Instant.EPOCH)).extracting(Hold::id).containsExactly("one", "three");
  }
}
