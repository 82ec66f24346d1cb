package io.tideline.core.archive;

import io.tideline.dialect.SourceIdentity;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.run.RunReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The archive of one database: a folder that holds {@code archive.json}, {@code holds.jsonl} and a
 * folder for each run. Files are written once, under a temporary name, made durable, and renamed.
 */
public final class ArchiveFolder {
  private final Path root;
  private final Storage storage;
  private final MetadataFiles files;
  private Consumer<Manifest> sealed = manifest -> {};

  /** The archive at a folder, which may not exist yet. */
  public ArchiveFolder(Path root, Storage storage) {
    this.root = root.toAbsolutePath().normalize();
    this.storage = storage;
    this.files = new MetadataFiles(storage);
  }

  /** The folder. */
  public Path root() {
    return root;
  }

  /** How files are written. */
  public Storage storage() {
    return storage;
  }

  /** Tells of every manifest from now on, once it is sealed. */
  public void onSealed(Consumer<Manifest> listener) {
    sealed = listener;
  }

  /** The folder of a run. */
  public Path runFolder(String run) {
    return root.resolve("runs").resolve(run);
  }

  /** The file of a segment. */
  public Path file(Manifest manifest, Manifest.Segment segment) {
    return runFolder(manifest.run()).resolve(segment.file());
  }

  /** Whose archive it is; empty if nothing was written yet. */
  public Optional<ArchiveIdentity> identity() {
    return MetadataFiles.read(root.resolve("archive.json"), ArchiveIdentity.class);
  }

  /**
   * Makes the archive this database's, or checks that it is.
   *
   * @throws TidelineException {@code ARCHIVE_FOREIGN} if it is another's
   */
  ArchiveIdentity claim(SourceIdentity source, Instant now) {
    Optional<ArchiveIdentity> there = identity();
    if (there.isPresent()) {
      check(there.get(), source);
      return there.get();
    }
    new LostIdentity(this).refuse();
    ArchiveIdentity made =
        new ArchiveIdentity(Manifest.VERSION, UUID.randomUUID().toString(), source, now);
    write(made);
    return made;
  }

  void write(ArchiveIdentity identity) {
    createFolder(root);
    files.writeOnce(root.resolve("archive.json"), Json.pretty(identity), () -> {});
  }

  /** Refuses another database's archive. */
  public static void check(ArchiveIdentity archive, SourceIdentity source) {
    if (!archive.source().sameAs(source)) {
      throw new TidelineException(
          ErrorCode.ARCHIVE_FOREIGN,
          "Cannot use this archive: it belongs to another database, "
              + archive.source().place()
              + ".",
          "Nothing was changed.",
          "Name another folder as 'archive:', or give --adopt if this database took the other's place.");
    }
  }

  /** Hands the archive to another database. */
  void adopt(SourceIdentity source) {
    Optional<ArchiveIdentity> there = identity();
    if (there.isEmpty() || there.get().source().equals(source)) {
      return;
    }
    ArchiveIdentity old = there.get();
    files.replace(
        root.resolve("archive.json"),
        Json.pretty(new ArchiveIdentity(old.version(), old.id(), source, old.createdAt())));
  }

  /**
   * Every sealed manifest, in the order of run and number.
   *
   * @throws TidelineException {@code ARCHIVE_CORRUPT} if one is missing: what it sealed is not
   *     known
   */
  public List<ManifestEntry> manifests() {
    List<String> missing = new Strays(this).missing();
    if (!missing.isEmpty()) {
      throw new TidelineException(
          ErrorCode.ARCHIVE_CORRUPT,
          "Cannot read the archive " + root + ": " + missing.get(0),
          "Nothing was changed.",
          "Bring the manifest back from a copy of the archive; `tideline verify` tells what else is"
              + " missing. If it is lost for good, move the files of its number to a safe place: they"
              + " may hold the only copy of rows.");
    }
    return manifestsFound();
  }

  /** As {@link #manifests}, but for those that are missing. */
  public List<ManifestEntry> manifestsFound() {
    List<Intent> open = openIntents();
    return runs().stream().flatMap(run -> manifestsFound(run, open).stream()).toList();
  }

  /** The manifests found of one run. */
  List<ManifestEntry> manifestsFound(String run) {
    return manifestsFound(run, openIntents());
  }

  private List<ManifestEntry> manifestsFound(String run, List<Intent> open) {
    List<String> names = files(run);
    return numbers(names).stream()
        .map(number -> new ManifestFiles(runFolder(run), number).read(names, open))
        .toList();
  }

  /** The names of the manifests found, in the order of run and number; none of them is read. */
  public List<String> manifestNames() {
    return runs().stream().flatMap(run -> manifestNames(run).stream()).toList();
  }

  /** The file of a manifest, by its name. */
  public Path manifestFile(String name) {
    return root.resolve("runs").resolve(name + Manifest.ENDING);
  }

  /** The file that closes a manifest, by the manifest's name. */
  public Path outcomeFile(String name) {
    return root.resolve("runs").resolve(name + Outcome.ENDING);
  }

  /** The names of the manifests found of one run, in the order of their numbers. */
  public List<String> manifestNames(String run) {
    return numbers(files(run)).stream().map(number -> run + "/" + number).toList();
  }

  /**
   * A manifest found, by its name.
   *
   * @param open the restores that did not come to their end
   */
  public ManifestEntry manifest(String name, List<Intent> open) {
    int slash = name.indexOf('/');
    String run = name.substring(0, slash);
    return new ManifestFiles(runFolder(run), name.substring(slash + 1)).read(files(run), open);
  }

  private static List<String> numbers(List<String> names) {
    return names.stream()
        .filter(name -> name.endsWith(Manifest.ENDING))
        .map(name -> name.substring(0, name.length() - Manifest.ENDING.length()))
        .toList();
  }

  /** The names in the folder of a run. */
  List<String> files(String run) {
    return names(runFolder(run));
  }

  /** The runs, oldest first. */
  public List<String> runs() {
    return names(root.resolve("runs"));
  }

  /** The reports of runs and restores, oldest first. */
  public List<RunReport> reports() {
    return runs().stream().flatMap(run -> report(run).stream()).toList();
  }

  /** The report of a run or restore that came to its end. */
  public Optional<RunReport> report(String run) {
    return MetadataFiles.read(runFolder(run).resolve("report.json"), RunReport.class);
  }

  /** What a restore into the source is or was about to do. */
  public Optional<Intent> intent(String run) {
    return MetadataFiles.read(runFolder(run).resolve("intent.json"), Intent.class);
  }

  /** The runs and restores that wrote a report. */
  public List<String> reportNames() {
    return runs().stream()
        .filter(run -> Files.exists(runFolder(run).resolve("report.json")))
        .toList();
  }

  /** The restores into the source that did not come to their end. */
  public List<Intent> openIntents() {
    return runs().stream()
        .filter(run -> !Files.exists(runFolder(run).resolve("report.json")))
        .flatMap(run -> intent(run).stream())
        .toList();
  }

  /** Writes a file of a run once; {@code written} is called before it gets its name. */
  public void writeOnce(String run, String name, Object content, Runnable written) {
    createRunFolder(run);
    files.writeOnce(runFolder(run).resolve(name), Json.pretty(content), written);
  }

  /**
   * Writes a manifest. It is durable under a temporary name before its segments get theirs, so that
   * a segment that has its name and no manifest of either name tells of a manifest that was lost.
   *
   * @param naming gives the segments their names
   */
  public void seal(Manifest manifest, Runnable naming) {
    writeOnce(
        manifest.run(),
        Manifest.numberText(manifest.number()) + Manifest.ENDING,
        manifest,
        () -> {
          sync(manifest.run());
          naming.run();
          sync(manifest.run());
        });
    sealed.accept(manifest);
  }

  private void sync(String run) {
    Path folder = runFolder(run);
    try {
      storage.syncFolder(folder);
    } catch (IOException e) {
      throw ArchiveFailure.writing(folder, e);
    }
  }

  /** Writes what became of a manifest's rows. */
  public void close(Manifest manifest, Outcome outcome) {
    String name = Manifest.numberText(manifest.number()) + Outcome.ENDING;
    writeOnce(manifest.run(), name, outcome, () -> {});
  }

  /** Writes which rows of a manifest a restore brought back; nothing if it was written before. */
  public void restored(Manifest manifest, Restored restored) {
    String name =
        Manifest.numberText(manifest.number()) + ".restored-" + restored.restore() + ".json";
    if (!Files.exists(runFolder(manifest.run()).resolve(name))) {
      writeOnce(manifest.run(), name, restored, () -> {});
    }
  }

  /**
   * Makes the folder of a run.
   *
   * @throws TidelineException {@code ARCHIVE_WRITE_FAILED} if the archive went away meanwhile: one
   *     made anew in its place would hide what is sealed there when it comes back
   */
  public void createRunFolder(String run) {
    if (!Files.exists(root.resolve("archive.json"))) {
      throw ArchiveFailure.away(root);
    }
    createFolder(runFolder(run));
  }

  /** Makes a folder for the owner only. */
  public void createFolder(Path folder) {
    try {
      storage.createFolder(folder);
    } catch (IOException e) {
      throw ArchiveFailure.writing(folder, e);
    }
  }

  private static List<String> names(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw ArchiveFailure.reading(folder, e);
    }
  }
}
