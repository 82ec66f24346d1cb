package io.tideline.testkit.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
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

/** Files of holds of which a part is missing. */
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

  @Test
  void aFileThatLostHoldsIsNotReadAsOneWithoutThem() throws IOException {
    HoldBook book = new HoldBook(folder, new Storage());
    book.place(hold("one"));
    Path file = folder.resolve("holds.jsonl");
    byte[] first = Files.readAllBytes(file);
    book.place(hold("two"));
    byte[] both = Files.readAllBytes(file);

    Files.delete(file);
    assertUnreadable(book, "it is missing, and held " + both.length + " bytes");
    assertThatThrownBy(() -> book.place(hold("three"))).isInstanceOf(TidelineException.class);
    assertThat(file).doesNotExist();
    Files.write(file, first);
    assertUnreadable(book, "it has " + first.length + " bytes, and had " + both.length);
    Files.writeString(file, new String(both, UTF_8).replace("dispute", "mistake"));
    assertUnreadable(book, "its lines are not those that were written");
    Files.write(file, both);
    assertThat(book.inForce(Instant.EPOCH)).extracting(Hold::id).containsExactly("one", "two");
  }

  @Test
  void aLineWrittenBeforeAKillCounts() throws IOException {
    HoldBook book = new HoldBook(folder, new Storage());
    book.place(hold("one"));
    byte[] seal = Files.readAllBytes(folder.resolve("holds.json"));
    book.place(hold("two"));
    Files.write(folder.resolve("holds.json"), seal);
    assertThat(book.inForce(Instant.EPOCH)).extracting(Hold::id).containsExactly("one", "two");
    Files.delete(folder.resolve("holds.json"));
    assertThat(book.inForce(Instant.EPOCH)).extracting(Hold::id).containsExactly("one", "two");
  }

  private static void assertUnreadable(HoldBook book, String why) {
    assertThatThrownBy(() -> book.inForce(Instant.EPOCH))
        .isInstanceOfSatisfying(
            TidelineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.HOLD_UNREADABLE))
        .hasMessageContaining(why);
  }
}
