package io.tideline.core.archive;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/** An archive without {@code archive.json}: whose it is, only its manifests can tell. */
public final class LostIdentity {
  private final ArchiveFolder archive;

  /** The identity of an archive, if it is lost. */
  public LostIdentity(ArchiveFolder archive) {
    this.archive = archive;
  }

  /** Whether runs wrote here and nothing says for which database. */
  public boolean lost() {
    return archive.identity().isEmpty()
        && archive.runs().stream()
            .anyMatch(run -> archive.files(run).stream().anyMatch(name -> name.endsWith(".json")));
  }

  /**
   * Refuses such an archive: any database might claim it.
   *
   * @throws TidelineException {@code ARCHIVE_CORRUPT}
   */
  public void refuse() {
    if (lost()) {
      throw new TidelineException(
          ErrorCode.ARCHIVE_CORRUPT,
          "Cannot tell whose archive "
              + archive.root()
              + " is: archive.json is missing, and runs wrote to it.",
          "Nothing was changed.",
          "Bring archive.json back from a copy of the archive. If there is none, `tideline recover`"
              + " writes it again from what the manifests say.");
    }
  }

  /**
   * Writes the identity again that every manifest names; nothing if it is there.
   *
   * @throws TidelineException {@code ARCHIVE_CORRUPT} if there is no manifest, or they disagree
   */
  public void recover() {
    if (!lost()) {
      return;
    }
    try (ArchiveLock lock = ArchiveLock.acquire(archive)) {
      List<Manifest> manifests =
          archive.manifestsFound().stream()
              .map(ManifestEntry::manifest)
              .sorted(Comparator.comparing(Manifest::sealedAt))
              .toList();
      long owners =
          manifests.stream()
              .map(each -> List.of(each.archive(), each.source().dialect(), each.source().id()))
              .distinct()
              .count();
      if (owners != 1) {
        throw undecided(manifests.size(), owners);
      }
      Manifest last = manifests.get(manifests.size() - 1);
      Instant first = manifests.get(0).sealedAt();
      lock.write(new ArchiveIdentity(Manifest.VERSION, last.archive(), last.source(), first));
    }
  }

  private TidelineException undecided(int manifests, long owners) {
    return new TidelineException(
        ErrorCode.ARCHIVE_CORRUPT,
        "Cannot tell whose archive "
            + archive.root()
            + " is: archive.json is missing, and "
            + (manifests == 0
                ? "there is no manifest to tell it."
                : "its manifests name " + owners + " archives or databases."),
        "Nothing was changed.",
        "Bring archive.json back from a copy of the archive, or move the folders of runs that are"
            + " not this archive's to another place.");
  }
}
