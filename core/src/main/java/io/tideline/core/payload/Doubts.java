package io.tideline.core.payload;

import io.tideline.core.archive.ArchiveFolder;
import io.tideline.core.archive.Manifest;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.plan.Finding;
import java.util.List;
import java.util.Optional;

/**
 * What interrupted runs and restores left that may yet bring references back: rows of a detached
 * partition are in no table that is read, the part of a large tree that went is put back by the
 * next run, and rows that came back may still lack the references that lead to their roots.
 */
final class Doubts {
  private final ArchiveFolder archive;

  Doubts(ArchiveFolder archive) {
    this.archive = archive;
  }

  /**
   * Refuses a sweep while live rows may be where no reference is read.
   *
   * @throws TidelineException {@code PAYLOADS_IN_DOUBT}
   */
  void refuse() {
    why()
        .ifPresent(
            why -> {
              throw new TidelineException(
                  ErrorCode.PAYLOADS_IN_DOUBT,
                  "Cannot sweep payloads: " + why + ".",
                  "No file was moved or removed.",
                  "Let `tideline run` settle it, then sweep again.");
            });
  }

  /** The same for a plan, which changes nothing. */
  Optional<Finding> finding() {
    return why()
        .map(
            why ->
                new Finding(
                    "payloads-in-doubt",
                    why + ": a sweep is refused until that is settled",
                    "tideline run"));
  }

  private Optional<String> why() {
    List<String> restores = archive.openIntents().stream().map(each -> each.restore()).toList();
    if (!restores.isEmpty()) {
      return Optional.of("the restore " + restores.get(0) + " was interrupted");
    }
    return archive.manifests().stream()
        .filter(entry -> !entry.closed())
        .flatMap(entry -> why(entry.manifest()).stream())
        .findFirst();
  }

  /** Rows that went one by one, or tree by tree, are live and read, or gone for good. */
  private static Optional<String> why(Manifest manifest) {
    String run = "the run " + manifest.run() + " was interrupted";
    if (manifest.partition().isPresent()) {
      return Optional.of(
          run
              + " while it took away the partition "
              + manifest.partition().get().name()
              + ", whose rows may refer to files");
    }
    return manifest.stepwise()
        ? Optional.of(run + " half-way through a large tree, whose rows may be put back")
        : Optional.empty();
  }
}
