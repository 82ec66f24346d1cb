package io.tideline.core.record;

import io.tideline.core.archive.ArchiveFailure;
import io.tideline.core.archive.ArchiveFolder;
import io.tideline.core.archive.ArchiveIdentity;
import io.tideline.core.archive.Manifest;
import io.tideline.core.archive.Outcome;
import io.tideline.core.archive.SegmentFile;
import io.tideline.core.archive.Storage;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.run.RecordHead;
import io.tideline.run.RunListener;
import io.tideline.run.Step;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Adds lines to the record of an archive, for whoever holds the archive's lock. What a line tells
 * of as about to go may go once the call returns. Not thread-safe.
 */
public final class DeletionRecord {
  private final ArchiveFolder archive;
  private final Storage storage;
  private final Path file;
  private final String plan;
  private final Clock clock;
  private final RunListener listener;
  private @Nullable RecordHead head;
  private long length;
  private boolean dirty;

  private DeletionRecord(
      ArchiveFolder archive,
      String plan,
      Clock clock,
      RunListener listener,
      RecordFile.Found found) {
    this.archive = archive;
    this.storage = archive.storage();
    this.file = new RecordFile(archive).path();
    this.plan = plan;
    this.clock = clock;
    this.listener = listener;
    this.head = found.head().orElse(null);
    this.length = found.length();
  }

  /**
   * Opens the record, or begins it; takes away a line that a kill cut off, writes outcomes again
   * that are lost, and adds what killed runs could not.
   *
   * @param plan the digest of the plan that is carried out; empty if none is
   * @throws TidelineException {@code ARCHIVE_CORRUPT} if the record is missing or not what was
   *     written; {@code DISK_FULL}, {@code ARCHIVE_WRITE_FAILED}. Nothing was deleted
   */
  public static DeletionRecord open(
      ArchiveFolder archive,
      ArchiveIdentity identity,
      String plan,
      Clock clock,
      RunListener listener) {
    LateLines late = new LateLines(archive);
    LostOutcomes lost = new LostOutcomes(archive);
    NotedHeads.Compared noted = new NotedHeads(archive).newest();
    RecordFile record = new RecordFile(archive);
    RecordFile.Found found =
        record.read(
            line -> {
              late.line(line);
              lost.line(line);
              noted.line(line);
            });
    Stream.concat(found.problems().stream(), noted.problems(record.path(), found).stream())
        .findFirst()
        .ifPresent(
            problem -> {
              throw damaged(problem);
            });
    lost.writeAgain(late, listener);
    return begin(archive, identity, plan, clock, listener, found, late);
  }

  static DeletionRecord begin(
      ArchiveFolder archive,
      ArchiveIdentity identity,
      String plan,
      Clock clock,
      RunListener listener,
      RecordFile.Found found,
      LateLines late) {
    DeletionRecord opened = new DeletionRecord(archive, plan, clock, listener, found);
    if (found.torn() > 0) {
      opened.mend();
    }
    List<Entry> entries = late.entries();
    if (found.lines() == 0) {
      entries.add(0, new Entry.Begun(identity.id(), identity.source(), found.after()));
    }
    if (!entries.isEmpty()) {
      opened.add(entries, true);
    }
    return opened;
  }

  /** A record for work that removes nothing: every line is refused. */
  public static DeletionRecord none(ArchiveFolder archive) {
    RecordFile.Found nothing =
        new RecordFile.Found(0, Optional.empty(), Optional.empty(), -1, 0, List.of());
    return new DeletionRecord(archive, "", Clock.systemUTC(), RunListener.NONE, nothing);
  }

  private static TidelineException damaged(String problem) {
    return new TidelineException(
        ErrorCode.ARCHIVE_CORRUPT,
        problem,
        "Nothing was changed; no run goes while the record cannot tell what it did.",
        "Bring "
            + RecordFile.NAME
            + " back from a copy of the archive. If it is lost for good, `tideline recover` sets it"
            + " aside and begins another, which says so.");
  }

  /** The digest of the plan that is carried out; empty if none is. */
  public String plan() {
    return plan;
  }

  /** The last line, durable; what is written next to it may note it. */
  public Optional<RecordHead> head() {
    if (dirty) {
      try {
        storage.sync(file);
        dirty = false;
      } catch (IOException e) {
        throw ArchiveFailure.writing(file, e);
      }
    }
    return Optional.ofNullable(head);
  }

  /** Tells of a manifest that has its name: its rows may be removed when this returns. */
  public void sealed(Manifest manifest) {
    Path path = archive.manifestFile(manifest.name());
    add(Entry.Sealed.of(manifest, sha256(path), plan, false), true);
  }

  /**
   * Tells of an outcome that has its name; durable with the next line, or with the head: until then
   * the outcome tells by itself.
   */
  public void closed(Manifest manifest, Outcome outcome) {
    Path path = archive.outcomeFile(manifest.name());
    add(Entry.Closed.of(manifest, outcome, sha256(path), false), false);
  }

  /**
   * Tells of rows of which there is no copy, before they go.
   *
   * @return the number of the line
   */
  public long taking(Entry.Taking rows) {
    add(rows, true);
    return head == null ? 0 : head.number();
  }

  /** Tells what came of a line of {@link #taking}; durable with the next line, or with the head. */
  public void took(Entry.Took result) {
    add(result, false);
  }

  /** Tells of a sweep, before it removes its first file. */
  public void sweeping(String sweep, Path folder) {
    add(new Entry.Sweeping(sweep, folder.toString()), true);
  }

  /** Tells of a sweep whose record is sealed. */
  public void swept(String sweep) {
    add(LateLines.swept(archive, sweep, false), true);
  }

  /** Tells anything else. */
  public void tell(Entry entry) {
    add(entry, true);
  }

  private void add(Entry entry, boolean durable) {
    add(List.of(entry), durable);
    listener.stepped(Step.RECORDED);
  }

  private void add(List<Entry> entries, boolean durable) {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    RecordHead last = head;
    Instant now = Instant.now(clock);
    for (Entry entry : entries) {
      last = add(entry, last, now, lines);
    }
    write(lines.toByteArray(), durable);
    head = last;
  }

  private static RecordHead add(
      Entry entry, @Nullable RecordHead last, Instant now, ByteArrayOutputStream lines) {
    Optional<RecordHead> before = Optional.ofNullable(last);
    if (entry instanceof Entry.Begun begun) {
      before = begun.after();
    }
    long number = before.map(RecordHead::number).orElse(0L) + 1;
    String previous = before.map(RecordHead::sha256).orElse(RecordLine.NOTHING);
    byte[] line = RecordLine.text(number, now, previous, entry).getBytes(StandardCharsets.UTF_8);
    lines.writeBytes(line);
    return new RecordHead(number, RecordLine.sha256(line));
  }

  private void write(byte[] lines, boolean durable) {
    if (length < 0) {
      throw new IllegalStateException("the record is not open");
    }
    try {
      requireOurs();
      boolean made = length == 0;
      try {
        try (OutputStream out = storage.append(file)) {
          out.write(lines);
        }
        if (durable) {
          storage.sync(file);
        }
        if (made) {
          storage.syncFolderOf(file);
        }
      } catch (IOException e) {
        undo(e);
        throw e;
      }
    } catch (IOException e) {
      throw ArchiveFailure.writing(file, e);
    }
    length += lines.length;
    dirty = !durable;
  }

  /** Nobody else may have written to it, or taken it away, under the archive's lock. */
  private void requireOurs() throws IOException {
    long there = Files.exists(file) ? Files.size(file) : 0;
    if (there != length) {
      throw new IOException("it has %s bytes, and had %s".formatted(there, length));
    }
  }

  /** Takes back a line of which only a part was written, on a full disk. */
  private void undo(IOException failure) {
    try {
      storage.truncate(file, length);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private void mend() {
    try {
      storage.truncate(file, length);
    } catch (IOException e) {
      throw ArchiveFailure.writing(file, e);
    }
  }

  private static String sha256(Path path) {
    try {
      return SegmentFile.sha256(path);
    } catch (IOException e) {
      throw ArchiveFailure.reading(path, e);
    }
  }
}
