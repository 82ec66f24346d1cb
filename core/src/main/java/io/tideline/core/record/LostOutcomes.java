package io.tideline.core.record;

import io.tideline.core.archive.ArchiveFolder;
import io.tideline.run.RunEvent;
import io.tideline.run.RunListener;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Outcomes that are missing and that the record tells whole. They must not be found out anew: rows
 * that stayed then may have gone since, with a later manifest or by the application's hand, and
 * would look as if this one had taken them.
 */
final class LostOutcomes {
  private final ArchiveFolder archive;
  private final Map<String, Entry.Closed> missing = new LinkedHashMap<>();

  LostOutcomes(ArchiveFolder archive) {
    this.archive = archive;
  }

  /** Hears of a line of the record; of a manifest that several close the last counts. */
  void line(RecordLine line) {
    if (line.entry().orElse(null) instanceof Entry.Closed closed) {
      missing.remove(closed.manifest());
      if (closed.outcome().isPresent() && isMissing(closed.manifest())) {
        missing.put(closed.manifest(), closed);
      }
    }
  }

  /** One without its manifest was taken away with all that belonged to it. */
  private boolean isMissing(String manifest) {
    return !Files.exists(archive.outcomeFile(manifest))
        && Files.exists(archive.manifestFile(manifest));
  }

  /**
   * Writes them again.
   *
   * @param late tells of those whose files have other bytes now
   */
  void writeAgain(LateLines late, RunListener listener) {
    missing.forEach(
        (name, closed) -> {
          archive.close(
              archive.manifest(name, List.of()).manifest(), closed.outcome().orElseThrow());
          late.written(closed);
          listener.on(
              new RunEvent.Noted(
                  "The outcome of "
                      + name
                      + " was missing; it is written again, as the deletion record tells it."));
        });
  }
}
