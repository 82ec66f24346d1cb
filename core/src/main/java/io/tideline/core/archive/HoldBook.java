package io.tideline.core.archive;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.run.Hold;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The holds of an archive: {@code holds.jsonl}, to which lines are only ever added, one for each
 * hold placed or released, and {@code holds.json}, which tells how many there are at least.
 */
public final class HoldBook {
  private final Path root;
  private final Path file;
  private final Path seal;
  private final Storage storage;
  private final MetadataFiles files;

  /** The holds in an archive's folder. */
  public HoldBook(Path root, Storage storage) {
    this.root = root;
    this.file = root.resolve("holds.jsonl");
    this.seal = root.resolve("holds.json");
    this.storage = storage;
    this.files = new MetadataFiles(storage);
  }

  /**
   * One line: a hold placed, or the release of an earlier one.
   *
   * @param hold the hold placed
   * @param release the id of the hold that ends
   * @param reason why it ends
   * @param at when it ends
   */
  private record Line(
      Optional<Hold> hold,
      Optional<String> release,
      Optional<String> reason,
      Optional<Instant> at) {
    /** What the file left out is null here. */
    Line {
      if ((hold != null && hold.isPresent()) == (release != null && release.isPresent())) {
        throw new IllegalArgumentException("it places no hold and releases none");
      }
      if (hold != null && hold.isPresent() && !whole(hold.get())) {
        throw new IllegalArgumentException("a part of the hold is missing");
      }
      hold = hold == null ? Optional.empty() : hold;
      release = release == null ? Optional.empty() : release;
    }

    private static boolean whole(Hold hold) {
      return Stream.of(
              hold.id(), hold.table(), hold.where(), hold.restore(), hold.placedAt(), hold.until())
          .allMatch(Objects::nonNull);
    }
  }

  /**
   * The holds placed, not released, and not over at an instant.
   *
   * @throws TidelineException {@code HOLD_UNREADABLE} if any line cannot be read: no run may go
   *     then
   */
  public List<Hold> inForce(Instant now) {
    Map<String, Hold> holds = new LinkedHashMap<>();
    String text = text();
    if (!text.isEmpty() && !text.endsWith("\n")) {
      throw unreadable("its last line is not complete", null);
    }
    for (String json : text.split("\n", -1)) {
      if (!json.isBlank()) {
        Line line = line(json);
        line.hold().ifPresent(hold -> holds.put(hold.id(), hold));
        line.release().ifPresent(holds::remove);
      }
    }
    return holds.values().stream()
        .filter(hold -> hold.until().filter(until -> !until.isAfter(now)).isEmpty())
        .toList();
  }

  /** Places a hold, durably. */
  public void place(Hold hold) {
    append(new Line(Optional.of(hold), Optional.empty(), Optional.empty(), Optional.empty()));
  }

  /**
   * Ends a hold, durably.
   *
   * @throws TidelineException {@code ARGUMENT_INVALID} if no such hold is in force
   */
  public void release(String id, String reason, Instant now) {
    if (inForce(now).stream().noneMatch(each -> each.id().equals(id))) {
      throw new TidelineException(
          ErrorCode.ARGUMENT_INVALID,
          "Cannot find the hold '" + id + "'.",
          "Nothing was changed.",
          "`tideline hold list` shows those in force.");
    }
    append(new Line(Optional.empty(), Optional.of(id), Optional.of(reason), Optional.of(now)));
  }

  /** A digest that changes with every line. */
  public String digest() {
    MessageDigest sha = SegmentFile.sha256();
    return HexFormat.of().formatHex(sha.digest(text().getBytes(StandardCharsets.UTF_8)));
  }

  private void append(Line line) {
    inForce(Instant.EPOCH); // a damaged file takes no more lines
    try {
      long whole = Files.exists(file) ? Files.size(file) : 0;
      storage.createFolder(root);
      try {
        try (OutputStream out = storage.append(file)) {
          out.write(Json.line(line).getBytes(StandardCharsets.UTF_8));
        }
        storage.sync(file);
      } catch (IOException e) {
        undo(whole, e);
        throw e;
      }
      files.replace(seal, Json.line(HoldSeal.of(Files.readAllBytes(file))));
    } catch (IOException e) {
      throw ArchiveFailure.writing(file, e);
    }
  }

  /** Takes back a line of which only a part was written, on a full disk. */
  private void undo(long whole, IOException failure) {
    try {
      storage.truncate(file, whole);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private String text() {
    // The seal first: a line that is added meanwhile does no harm.
    Optional<HoldSeal> sealed = MetadataFiles.read(seal, HoldSeal.class);
    byte[] lines = lines();
    sealed
        .flatMap(each -> each.problem(lines))
        .ifPresent(
            problem -> {
              throw unreadable(problem, null);
            });
    return new String(lines, StandardCharsets.UTF_8);
  }

  private byte[] lines() {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return new byte[0];
    } catch (IOException e) {
      throw unreadable("it cannot be read", e);
    }
  }

  private Line line(String json) {
    try {
      return Json.read(json, Line.class, file.toString());
    } catch (TidelineException e) {
      throw unreadable("a line of it is damaged", e);
    }
  }

  private TidelineException unreadable(String why, @Nullable Exception cause) {
    return new TidelineException(
        ErrorCode.HOLD_UNREADABLE,
        "Cannot tell which rows are held: " + file + ": " + why + ".",
        "Nothing was changed; no run goes while holds cannot be read.",
        "Bring the file back from a copy of the archive, or mend it: each line is a JSON object that"
            + " ends with a line break. An unfinished last line may be removed: its hold was never"
            + " confirmed. Remove "
            + seal
            + " only if the holds that are lost shall end.",
        cause);
  }
}
