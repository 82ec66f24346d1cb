package io.tideline.maintenance.partitions;

import io.tideline.tuning.MoveStatus;
import io.tideline.tuning.PartitionRule;
import java.util.List;

/** What can be done in each phase of a move, and what the way back is. */
final class Ways {
  private Ways() {}

  static List<String> from(MoveStatus status, PartitionRule rule) {
    String move = "`tideline partitions move " + rule.name();
    if (!status.broken().isEmpty()) {
      return List.of(
          "It is broken: " + status.broken() + ".",
          "Before the switch "
              + move
              + " --undo` removes the copy, and the move can begin anew;"
              + " after it "
              + move
              + " --finish` keeps the new table.");
    }
    return switch (status.phase()) {
      case NONE -> List.of("Begin: " + move + "`.");
      case PREPARED, FILLING ->
          List.of(
              "Go on: " + move + "`. The application uses the table as ever.",
              "Back: " + move + " --undo` removes the copy and the triggers.");
      case FILLED ->
          List.of(
              "Go on: " + move + " --switch` compares both tables, and exchanges their names.",
              "Back: " + move + " --undo` removes the copy and the triggers.");
      case SWITCHED ->
          List.of(
              "Watch the application. Changes are noted; "
                  + move
                  + "` lets "
                  + status.before()
                  + " follow.",
              "Go on: " + move + " --finish`, with --drop-before to drop " + status.before() + ".",
              "Back: " + move + " --undo` compares both, and gives the old table its name.");
      case UNDONE ->
          List.of(
              "The old table has its name; " + status.copy() + " is left as it was then.",
              "Go on: " + move + " --undo` removes the copy; then the move can begin anew.");
      case FINISHED ->
          List.of(
              "Nothing follows any more; there is no way back.",
              "Go on: " + move + " --finish --drop-before` drops " + status.before() + ".");
    };
  }
}
