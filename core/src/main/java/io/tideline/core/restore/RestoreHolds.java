package io.tideline.core.restore;

import io.tideline.core.archive.HoldBook;
import io.tideline.core.work.RunContext;
import io.tideline.core.work.RunId;
import io.tideline.run.Hold;
import io.tideline.run.RestoreReport;
import io.tideline.run.RestoreRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The holds of one restore: the next runs do not take away what it brings back. */
final class RestoreHolds {
  private final RunContext context;
  private final RestoreRequest request;
  private final HoldBook book;
  private List<Hold> holds = new ArrayList<>();

  RestoreHolds(RunContext context, RestoreRequest request) {
    this.context = context;
    this.request = request;
    this.book = new HoldBook(context.archive().root(), context.archive().storage());
  }

  /** Holds what is to come back, before the first commit. */
  void place(Surroundings around, List<Chosen> chosen, List<MovedRows> moved) {
    if (request.hold().isZero()) {
      return;
    }
    chosen.stream()
        .map(each -> each.segment().table().toString())
        .distinct()
        .forEach(table -> holds.add(hold(table, Optional.empty())));
    for (MovedRows each : moved) {
      String table = each.table().name().toString();
      each.where().forEach(where -> holds.add(hold(table, Optional.of(where))));
    }
    around.check(holds);
    holds.forEach(book::place);
  }

  private Hold hold(String table, Optional<String> where) {
    return new Hold(
        RunId.at(context.now()),
        table,
        List.of(),
        where,
        Optional.of(context.run()),
        "restored",
        context.now(),
        Optional.of(context.now().plus(request.hold())));
  }

  /** Ends the holds on tables to which nothing came back. */
  void withdraw(RestoreReport report) {
    Set<String> back =
        report.tables().stream()
            .filter(each -> each.inserted() + each.identical() + each.overwritten() > 0)
            .map(RestoreReport.OfTable::table)
            .collect(Collectors.toSet());
    List<Hold> left = new ArrayList<>();
    for (Hold hold : holds) {
      if (back.contains(hold.table())) {
        left.add(hold);
      } else {
        book.release(hold.id(), "nothing came back", context.now());
      }
    }
    holds = left;
  }

  /** The hold placed last that is in force. */
  Optional<Hold> last() {
    return holds.stream().reduce((first, next) -> next);
  }

  /** Until when rows are left alone; empty if none is held. */
  Optional<Instant> until() {
    return last().flatMap(Hold::until);
  }

  /** What to say of holds that are wider than the rows that came back. */
  List<String> notes() {
    return holds.stream()
        .filter(hold -> hold.where().filter(HeldKeys.EVERY_ROW::equals).isPresent())
        .map(
            hold ->
                "the hold is of all rows of "
                    + hold.table()
                    + ": a hold cannot name those that came back by their keys")
        .distinct()
        .toList();
  }
}
