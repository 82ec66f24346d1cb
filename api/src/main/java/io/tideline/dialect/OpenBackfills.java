package io.tideline.dialect;

import io.tideline.health.Check;
import io.tideline.health.Finding;
import io.tideline.health.Remedy;
import io.tideline.health.Severity;
import io.tideline.tuning.Backfill;
import io.tideline.tuning.BackfillState;
import io.tideline.tuning.BackfillState.Phase;
import java.util.List;

/** Tells of backfills that have begun and are neither finished nor undone. */
public final class OpenBackfills {
  private OpenBackfills() {}

  /** One finding for each, with the command that goes on with it. */
  public static List<Finding> findings(List<BackfillState> states) {
    return states.stream().map(OpenBackfills::finding).toList();
  }

  private static Finding finding(BackfillState state) {
    String name = state.name();
    String table = state.specification().lines().findFirst().orElse("");
    String undo = "tideline backfill --undo " + name;
    Remedy remedy =
        switch (state.phase()) {
          case FILLING -> Remedy.shell("tideline backfill " + name, "then --finish; or " + undo);
          case FILLED ->
              Remedy.shell(
                  "tideline backfill --finish " + name,
                  "when the application writes the value itself; or " + undo);
          case FINISHING -> Remedy.shell("tideline backfill --finish " + name, "goes on");
          case UNDOING -> Remedy.shell(undo, "goes on");
        };
    Finding finding =
        Finding.of(
            Check.BACKFILL_OPEN,
            state.phase() == Phase.FILLED ? Severity.INFO : Severity.WARNING,
            table,
            "the backfill '"
                + name
                + "' is "
                + state.phase().word()
                + ": its note and what else it made are in the database");
    return Backfill.isName(name) ? finding.mend(remedy) : finding;
  }
}
