package io.tideline.cli.serve;

import io.tideline.policy.Strain;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Draws how everything stands. */
final class Painter {
  private Painter() {}

  static Picture paint(
      Collection<Served> all,
      Map<String, String> unusable,
      Instant now,
      boolean stopping,
      long untold) {
    return new Picture(
        now,
        stopping,
        all.stream().map(each -> database(each, now)).toList(),
        new TreeMap<>(unusable),
        untold);
  }

  private static Picture.OfDatabase database(Served served, Instant now) {
    String[] waiting = waiting(served, now);
    return new Picture.OfDatabase(
        served.label(),
        served.config().path().toString(),
        served.round().map(Round::display).orElse(""),
        waiting[0],
        waiting[1],
        served.broken,
        served.size().map(size -> size.total() + size.log()).orElse(-1L),
        served.inDoubt(),
        served.items().stream().map(item -> item(served, item, now)).toList());
  }

  /** Why what is due does not go on, as a word and as a sentence. */
  private static String[] waiting(Served served, Instant now) {
    Optional<Strain> own = served.round().flatMap(round -> round.live().waiting());
    if (own.isPresent()) {
      return new String[] {own.get().cause().word(), own.get().what()};
    }
    List<Item> outside = served.round().isPresent() ? List.of() : served.outside(now);
    if (served.readySince(now).isPresent()) {
      return new String[] {"queue", "as many databases run as may run at once"};
    }
    if (!outside.isEmpty()) {
      Item first = outside.get(0);
      return new String[] {
        "window",
        "policy "
            + first.name()
            + " waits for its window, which opens at "
            + served.next(first, now).map(Instant::toString).orElse("?")
      };
    }
    return new String[] {"", ""};
  }

  private static Picture.OfItem item(Served served, Item item, Instant now) {
    Mark mark = served.mark(item);
    return new Picture.OfItem(
        item.name(),
        item.kind(),
        served.next(item, now).orElse(null),
        mark.startedAt,
        mark.finishedAt,
        mark.succeededAt,
        mark.exit,
        mark.failing(),
        mark.failure,
        mark.run,
        mark.runs,
        mark.failures,
        mark.archived,
        mark.removed,
        mark.expired,
        mark.idleSince,
        mark.alarmed);
  }
}
