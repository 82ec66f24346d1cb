package io.tideline.core.ledger;

import io.tideline.core.archive.ArchiveFailure;
import io.tideline.core.archive.ArchiveFolder;
import io.tideline.core.archive.ArchiveIdentity;
import io.tideline.core.archive.Json;
import io.tideline.core.archive.Manifest;
import io.tideline.core.archive.SegmentFile;
import io.tideline.error.TidelineException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The manifests that were sealed, one JSON line each, in the folder of the state: so that what
 * vanishes from the archive as a whole is missed. Lines of other archives, and damaged ones, count
 * for nothing.
 */
public final class SealedManifests {
  private final Path file;
  private final ArchiveFolder archive;

  /**
   * The sealed manifests of an archive.
   *
   * @param state the folder of the state
   */
  public SealedManifests(Path state, ArchiveFolder archive) {
    this.file = state.resolve("sealed.jsonl");
    this.archive = archive;
  }

  /**
   * A sealed manifest.
   *
   * @param archive the id of its archive
   * @param manifest its name
   * @param rows the rows of its files
   * @param sha256 the SHA-256 of its own file
   */
  private record Line(String archive, String manifest, long rows, String sha256) {}

  /** Adds a manifest that was sealed just now. Where that fails, {@link #complete} makes up. */
  public void add(Manifest manifest) {
    try {
      archive.storage().createFolder(folder());
      try (OutputStream out = archive.storage().append(file)) {
        out.write(Json.line(line(manifest)).getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      return; // the manifest is sealed all the same
    }
  }

  /** Whether any manifest was sealed. */
  public boolean any() {
    return !read().isEmpty();
  }

  /** Adds what the archive has more; forgets nothing. */
  public void complete() {
    Map<String, Line> all = new LinkedHashMap<>();
    List<Line> before = read();
    before.forEach(line -> all.put(line.archive() + "/" + line.manifest(), line));
    archive
        .manifestsFound()
        .forEach(
            entry -> {
              Manifest each = entry.manifest();
              String key = each.archive() + "/" + each.name();
              if (!all.containsKey(key)) {
                all.put(key, lineOf(each));
              }
            });
    if (all.size() != before.size()) {
      write(List.copyOf(all.values()));
    }
  }

  /** Makes them anew from the archive: what it lacks is forgotten. */
  public void rebuild() {
    if (any() || !archive.manifestNames().isEmpty()) {
      write(archive.manifestsFound().stream().map(entry -> lineOf(entry.manifest())).toList());
    }
  }

  /** What the archive lacks, one sentence each. */
  public List<String> missing() {
    Set<String> found = new HashSet<>(archive.manifestNames());
    return own().stream()
        .filter(line -> !found.contains(line.manifest()))
        .map(
            line ->
                "The manifest "
                    + line.manifest()
                    + " of "
                    + line.rows()
                    + (line.rows() == 1 ? " row" : " rows")
                    + " was sealed, and is missing from the archive. Bring it back from a copy, or"
                    + " accept its loss with `tideline recover`.")
        .toList();
  }

  /**
   * What is missing or is not what was sealed, one sentence each.
   *
   * @param name a run, or what begins with its id; all if empty
   */
  public List<String> problems(Optional<String> name) {
    List<String> problems = new ArrayList<>(missing());
    Set<String> found = new HashSet<>(archive.manifestNames());
    for (Line line : own()) {
      if (found.contains(line.manifest()) && !line.sha256().equals(sha256(line.manifest()))) {
        problems.add(
            "The manifest "
                + line.manifest()
                + " is not what was sealed: its SHA-256 differs. Bring it back from a copy.");
      }
    }
    return problems.stream()
        .filter(each -> name.isEmpty() || each.contains(" " + name.get().split("/", -1)[0] + "/"))
        .toList();
  }

  private List<Line> own() {
    Optional<String> id = archive.identity().map(ArchiveIdentity::id);
    return read().stream().filter(line -> id.equals(Optional.of(line.archive()))).toList();
  }

  private Line lineOf(Manifest manifest) {
    try {
      return line(manifest);
    } catch (IOException e) {
      throw ArchiveFailure.reading(archive.runFolder(manifest.run()), e);
    }
  }

  private Line line(Manifest manifest) throws IOException {
    long rows = manifest.files().stream().mapToLong(Manifest.Segment::rows).sum();
    return new Line(
        manifest.archive(),
        manifest.name(),
        rows,
        SegmentFile.sha256(archive.manifestFile(manifest.name())));
  }

  private String sha256(String manifest) {
    Path path = archive.manifestFile(manifest);
    try {
      return SegmentFile.sha256(path);
    } catch (IOException e) {
      throw ArchiveFailure.reading(path, e);
    }
  }

  private void write(List<Line> lines) {
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append(Json.line(line)));
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    try {
      archive.storage().createFolder(folder());
      archive.storage().delete(temporary);
      try (OutputStream out = archive.storage().create(temporary)) {
        out.write(text.toString().getBytes(StandardCharsets.UTF_8));
      }
      archive.storage().replace(temporary, file);
    } catch (IOException e) {
      throw ArchiveFailure.writing(file, e);
    }
  }

  private Path folder() {
    return Objects.requireNonNull(file.getParent());
  }

  private List<Line> read() {
    List<Line> lines = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(file)) {
        parse(line).ifPresent(lines::add);
      }
    } catch (IOException e) {
      return List.of(); // none yet, or unreadable: the archive tells
    }
    return lines;
  }

  private Optional<Line> parse(String line) {
    try {
      return Optional.of(Json.read(line, Line.class, file.toString()));
    } catch (TidelineException e) {
      return Optional.empty(); // half a line that a killed run left
    }
  }
}
