package io.tideline.core.record;

import io.tideline.core.archive.ArchiveFailure;
import io.tideline.core.archive.ArchiveFolder;
import io.tideline.core.archive.ArchiveIdentity;
import io.tideline.core.archive.ArchiveLock;
import io.tideline.core.archive.Manifest;
import io.tideline.core.archive.SegmentFile;
import io.tideline.run.RecordHead;
import io.tideline.run.RunListener;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Accepts what is lost: a record that is not what was written is set aside, and another is begun in
 * its place; of files that are missing or changed the record tells so. What the record can give
 * back is not lost.
 */
public final class RecordRecovery {
  private final ArchiveFolder archive;
  private final Clock clock;

  /** The recovery of an archive's record. */
  public RecordRecovery(ArchiveFolder archive, Clock clock) {
    this.archive = archive;
    this.clock = clock;
  }

  /**
   * Recovers it; nothing if all is well.
   *
   * @return what was wrong, one sentence each
   * @throws io.tideline.error.TidelineException {@code LEASE_HELD} if a run writes to the archive
   */
  public List<String> recover() {
    Optional<ArchiveIdentity> identity = archive.identity();
    if (identity.isEmpty() || problems().isEmpty()) {
      return List.of();
    }
    try (ArchiveLock lock = ArchiveLock.acquire(archive)) {
      return recover(identity.get());
    }
  }

  private List<String> problems() {
    return new RecordCheck(archive).check(Optional.empty()).problems();
  }

  private List<String> recover(ArchiveIdentity identity) {
    List<String> problems = problems();
    RecordFile file = new RecordFile(archive);
    ToldFiles files = new ToldFiles(archive);
    List<Manifest> manifests = new ArrayList<>();
    archive.manifestsFound().forEach(entry -> manifests.add(entry.manifest()));
    List<RecordHead> heads = new ArrayList<>(NotedHeads.heads(manifests, archive.reports()));
    NotedHeads.Compared noted = NotedHeads.all(manifests, archive.reports());
    RecordFile.Found found =
        file.read(
            line -> {
              files.line(line);
              noted.line(line);
              heads.add(line.head());
            });
    if (!found.problems().isEmpty() || !noted.problems(file.path(), found).isEmpty()) {
      setAside(file);
      begin(identity, heads.stream().max(Comparator.comparingLong(RecordHead::number)));
      return problems;
    }
    List<ToldFiles.Difference> writtenAgain = new ArrayList<>(files.differences());
    DeletionRecord record = DeletionRecord.open(archive, identity, "", clock, RunListener.NONE);
    List<ToldFiles.Difference> lost = files.differences();
    writtenAgain.removeAll(lost);
    for (ToldFiles.Difference each : lost) {
      record.tell(new Entry.Lost(archive.root().relativize(each.file()).toString()));
    }
    DeletionRecord.open(archive, identity, "", clock, RunListener.NONE); // tells of them anew
    List<String> accepted = new ArrayList<>(problems);
    writtenAgain.forEach(each -> accepted.remove(each.problem()));
    return accepted;
  }

  private void setAside(RecordFile file) {
    if (!file.exists()) {
      return;
    }
    try {
      String digest = SegmentFile.sha256(file.path()).substring(0, 12);
      Path aside = file.path().resolveSibling("record-lost-" + digest + ".jsonl");
      archive.storage().rename(file.path(), aside);
      archive.storage().syncFolderOf(aside);
    } catch (IOException e) {
      throw ArchiveFailure.writing(file.path(), e);
    }
  }

  private void begin(ArchiveIdentity identity, Optional<RecordHead> after) {
    DeletionRecord.begin(
        archive,
        identity,
        "",
        clock,
        RunListener.NONE,
        new RecordFile.Found(0, after, Optional.empty(), 0, 0, List.of()),
        new LateLines(archive));
  }
}
