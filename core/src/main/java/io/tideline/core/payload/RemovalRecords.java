package io.tideline.core.payload;

import io.tideline.core.archive.ArchiveFailure;
import io.tideline.core.archive.ArchiveFolder;
import io.tideline.core.archive.Json;
import io.tideline.core.archive.Manifest;
import io.tideline.core.archive.SegmentFile;
import io.tideline.core.record.DeletionRecord;
import io.tideline.error.TidelineException;
import io.tideline.run.PayloadRemovals;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What sweeps removed, in the archive: {@code payloads.jsonl} of a sweep's folder, to which a line
 * is added for each file before it is removed, and {@code payloads.json}, written once at its end,
 * which seals the lines by their digest.
 */
public final class RemovalRecords {
  static final String LINES = "payloads.jsonl";
  static final String SEAL = "payloads.json";

  private final ArchiveFolder archive;

  /** The records of an archive. */
  public RemovalRecords(ArchiveFolder archive) {
    this.archive = archive;
  }

  /**
   * The first line.
   *
   * @param version the version of the archive's form
   * @param run the sweep
   * @param folder the payload folder
   * @param at when the sweep began
   */
  record Head(int version, String run, String folder, Instant at) {}

  /**
   * One file.
   *
   * @param hash its hash
   * @param bytes its bytes
   * @param trashed the sweep that moved it to the trash
   */
  record Line(String hash, long bytes, String trashed) {}

  /** Begins the record of a sweep; nothing is written before its first line. */
  Writer writer(String run, Path folder, Instant at, DeletionRecord record) {
    return new Writer(new Head(Manifest.VERSION, run, folder.toString(), at), record);
  }

  /** Writes one record. */
  final class Writer {
    private final Head head;
    private final DeletionRecord record;
    private final Path file;
    private boolean begun;

    private Writer(Head head, DeletionRecord record) {
      this.head = head;
      this.record = record;
      this.file = archive.runFolder(head.run()).resolve(LINES);
    }

    /** Adds lines, durably: their files may be removed when it returns. */
    void add(List<Line> lines) {
      StringBuilder text = new StringBuilder();
      if (!begun) {
        archive.createRunFolder(head.run());
        record.sweeping(head.run(), Path.of(head.folder()));
        text.append(Json.line(head));
      }
      lines.forEach(line -> text.append(Json.line(line)));
      try {
        try (var out = archive.storage().append(file)) {
          out.write(text.toString().getBytes(StandardCharsets.UTF_8));
        }
        archive.storage().sync(file);
        archive.storage().syncFolderOf(file);
      } catch (IOException e) {
        throw ArchiveFailure.writing(file, e);
      }
      begun = true;
    }

    /** Seals it, if it has lines. */
    void seal(Trash trash) {
      if (begun) {
        RemovalRecords.this.seal(head.run(), trash, record);
      }
    }
  }

  /** Seals the records that killed sweeps left open. */
  void settle(Trash trash, DeletionRecord record) {
    for (String run : archive.runs()) {
      if (Files.exists(file(run, LINES)) && !Files.exists(file(run, SEAL))) {
        seal(run, trash, record);
      }
    }
  }

  private void seal(String run, Trash trash, DeletionRecord record) {
    Set<String> remaining = new HashSet<>();
    Contents contents =
        read(
            run,
            Long.MAX_VALUE,
            line -> {
              if (Files.exists(trash.file(line.trashed(), line.hash()))) {
                remaining.add(line.hash());
              }
            });
    if (contents.head == null) {
      return; // killed before its first line was whole: nothing was removed
    }
    Amounts removed = new Amounts();
    read(
        run,
        contents.length,
        line -> {
          if (!remaining.contains(line.hash())) {
            removed.add(line.bytes());
          }
        });
    RemovalSeal seal =
        new RemovalSeal(
            Manifest.VERSION,
            run,
            contents.head.folder(),
            contents.head.at(),
            removed.amount().files(),
            removed.amount().bytes(),
            contents.length,
            contents.sha256(),
            remaining.stream().sorted().toList());
    archive.writeOnce(run, SEAL, seal, () -> {});
    record.swept(run);
  }

  /** The sweeps that removed something, oldest first. */
  public List<PayloadRemovals> list() {
    List<PayloadRemovals> all = new ArrayList<>();
    for (String run : archive.runs()) {
      if (Files.exists(file(run, LINES)) || Files.exists(file(run, SEAL))) {
        all.add(check(run));
      }
    }
    return all;
  }

  /** The problems of all records, or of one sweep's; one sentence each. */
  public List<String> problems(Optional<String> run) {
    return list().stream()
        .filter(each -> run.isEmpty() || run.get().equals(each.run()))
        .flatMap(each -> each.problem().stream())
        .toList();
  }

  /** Gives each file that a sweep removed to the sink. */
  public void removed(String run, Consumer<PayloadRemovals.Removed> sink) {
    Optional<RemovalSeal> seal = sealOf(run);
    Set<String> remaining = new HashSet<>(seal.map(RemovalSeal::remaining).orElse(List.of()));
    read(
        run,
        seal.map(RemovalSeal::length).orElse(Long.MAX_VALUE),
        line -> {
          if (!remaining.contains(line.hash())) {
            sink.accept(new PayloadRemovals.Removed(line.hash(), line.bytes()));
          }
        });
  }

  private PayloadRemovals check(String run) {
    try {
      Optional<RemovalSeal> seal = sealOf(run);
      Amounts lines = new Amounts();
      Set<String> remaining = new HashSet<>(seal.map(RemovalSeal::remaining).orElse(List.of()));
      Contents contents =
          read(
              run,
              seal.map(RemovalSeal::length).orElse(Long.MAX_VALUE),
              line -> {
                if (!remaining.contains(line.hash())) {
                  lines.add(line.bytes());
                }
              });
      Optional<String> problem =
          seal.filter(
                  s ->
                      contents.length != s.length()
                          || !contents.sha256().equals(s.sha256())
                          || lines.amount().files() != s.files()
                          || lines.amount().bytes() != s.bytes())
              .map(s -> damaged(run, "its lines are not those that were sealed"));
      Head head = contents.head;
      return new PayloadRemovals(
          run,
          head == null ? seal.map(RemovalSeal::folder).orElse("") : head.folder(),
          head == null ? seal.map(RemovalSeal::at).orElse(Instant.EPOCH) : head.at(),
          lines.amount().files(),
          lines.amount().bytes(),
          problem);
    } catch (TidelineException e) {
      return new PayloadRemovals(run, "", Instant.EPOCH, 0, 0, Optional.of(e.what()));
    }
  }

  private String damaged(String run, String why) {
    return "Cannot trust " + file(run, LINES) + ": " + why + ".";
  }

  private Path file(String run, String name) {
    return archive.runFolder(run).resolve(name);
  }

  private Optional<RemovalSeal> sealOf(String run) {
    Path file = file(run, SEAL);
    try {
      return Optional.of(Json.read(Files.readString(file), RemovalSeal.class, file.toString()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw ArchiveFailure.reading(file, e);
    }
  }

  /** What was read of a record. */
  private static final class Contents {
    private final MessageDigest sha = SegmentFile.sha256();
    private @org.jspecify.annotations.Nullable Head head;
    private long length;

    String sha256() {
      return HexFormat.of().formatHex(sha.digest());
    }
  }

  /** Reads the whole lines within a length; an unfinished last one was never acted on. */
  private Contents read(String run, long most, Consumer<Line> sink) {
    Path file = file(run, LINES);
    Contents contents = new Contents();
    try (InputStream in = Files.newInputStream(file);
        BufferedReader reader =
            new BufferedReader(new java.io.InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (Optional<String> line = line(reader);
          line.isPresent() && contents.length + line.get().length() <= most;
          line = line(reader)) {
        byte[] bytes = line.get().getBytes(StandardCharsets.UTF_8);
        contents.sha.update(bytes);
        contents.length += bytes.length;
        if (contents.head == null) {
          contents.head = Json.read(line.get(), Head.class, file.toString());
        } else {
          sink.accept(Json.read(line.get(), Line.class, file.toString()));
        }
      }
      return contents;
    } catch (IOException e) {
      throw ArchiveFailure.reading(file, e);
    }
  }

  /** The next line with its end; empty if there is none that is whole. */
  private static Optional<String> line(BufferedReader reader) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = reader.read(); c >= 0; c = reader.read()) {
      line.append((char) c);
      if (c == '\n') {
        return Optional.of(line.toString());
      }
    }
    return Optional.empty();
  }
}
