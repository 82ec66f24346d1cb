package io.tideline.maintenance.indexes;

import io.tideline.core.archive.Storage;
import io.tideline.dialect.IndexBuilder;
import io.tideline.dialect.IndexCost;
import io.tideline.dialect.ReclaimOption.Room;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.maintenance.reclaim.Rooms;
import io.tideline.policy.Settings;
import io.tideline.policy.Window;
import io.tideline.tuning.IndexStanding;
import io.tideline.tuning.IndexState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Whether what is to be done may be done now: told before anything is. */
final class Allowance {
  private static final String NOTHING = "Nothing was changed.";

  private final Settings settings;
  private final Clock clock;
  private final Rooms rooms;
  private final IndexBuilder builder;
  private final IndexRequest request;

  Allowance(
      Settings settings, Clock clock, Storage storage, IndexBuilder builder, IndexRequest request) {
    this.settings = settings;
    this.clock = clock;
    this.rooms = new Rooms(storage);
    this.builder = builder;
    this.request = request;
  }

  void require(List<IndexStanding> standings) {
    standings.stream()
        .filter(each -> each.state() == IndexState.TAKEN)
        .findFirst()
        .ifPresent(Allowance::refuseTaken);
    Duration blocked = Duration.ZERO;
    int changed = 0;
    for (IndexStanding each : standings) {
      if (makes(each)) {
        builder.require(each.spec());
        IndexCost cost = builder.cost(each.spec());
        requireRoom(each, cost);
        blocked = cost.blocking() ? blocked.plus(cost.time()) : blocked;
        changed += cost.blocking() ? 1 : 0;
      } else if (each.state() == IndexState.UNWANTED) {
        builder.require(each.spec());
        IndexCost cost = builder.cost(each.spec());
        blocked = cost.blocking() ? blocked.plus(cost.time()) : blocked;
        changed += cost.blocking() ? 1 : 0;
      }
    }
    if (changed > 0 && !request.blocking() && !inWindow()) {
      throw closed(changed, blocked);
    }
  }

  private boolean makes(IndexStanding each) {
    return each.state() == IndexState.MISSING
        || each.state() == IndexState.INVALID
        || each.state() == IndexState.DIFFERENT && request.replace();
  }

  private static void refuseTaken(IndexStanding taken) {
    throw new TidelineException(
        ErrorCode.INDEX_REFUSED,
        "Cannot make " + taken.place() + ": " + String.join("; ", taken.details()) + ".",
        NOTHING,
        "Declare it under another name; what has the name is left alone.");
  }

  private boolean inWindow() {
    Optional<Window> window = settings.terms().window();
    return window.isPresent() && window.get().open(Instant.now(clock));
  }

  private static TidelineException closed(int changed, Duration blocked) {
    return new TidelineException(
        ErrorCode.WINDOW_CLOSED,
        String.format(
            Locale.ROOT,
            "Cannot change %d %s now: writers would wait for about %.1f s in all, and no window is"
                + " open.",
            changed,
            changed == 1 ? "index" : "indexes",
            blocked.toMillis() / 1000.0),
        NOTHING,
        "Run it inside the `window:` of the configuration, or give --blocking.");
  }

  private void requireRoom(IndexStanding standing, IndexCost cost) {
    List<Room> needed = new ArrayList<>(cost.rooms());
    Optional<Rooms.Lack> lack = rooms.lack(needed);
    if (lack.isPresent()) {
      throw new TidelineException(
          ErrorCode.DISK_FULL,
          String.format(
              Locale.ROOT,
              "Cannot make %s: about %,d MB must be free where %s lies, and %,d MB are.",
              standing.place(),
              lack.get().needed() >> 20,
              lack.get().at(),
              lack.get().free() >> 20),
          NOTHING,
          "Free space there, or declare a smaller index.");
    }
  }
}
