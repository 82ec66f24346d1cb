package io.tideline.cli.serve;

import io.tideline.config.ConfigFile;
import io.tideline.dialect.DatabaseSize;
import io.tideline.policy.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One database that is served. Only the thread that decides touches it. */
final class Served {
  /** A run that begins later than this after its time was missed or held up: it is told. */
  static final Duration LATE = Duration.ofSeconds(90);

  private static final Duration WINDOW_MARGIN = Duration.ofSeconds(2);

  /** What is said where another process serves a file. */
  static final String TAKEN = "Another 'tideline serve' serves it";

  private final String label;
  private ConfigFile config;
  private Memory memory;
  private List<Item> items = List.of();
  private final Map<String, Starts> starts = new HashMap<>();
  private @Nullable Round round;
  private Optional<DatabaseSize> size = Optional.empty();
  private int inDoubt = -1;

  /** What is wrong with the newest version of its file, which is not in force; empty if nothing. */
  String broken = "";

  /** Whether its file is gone, so that it goes when its round has ended. */
  boolean gone;

  Served(String label, ConfigFile config, Instant now, Consumer<String> lost) {
    this.label = label;
    this.config = config;
    this.memory = Memory.in(config.settings().state(), lost);
    memory.marks().values().forEach(Mark::wake);
    adopt(config, now);
  }

  /** Goes by another version of the file from now on. */
  void load(ConfigFile other, Instant now, Consumer<String> lost) {
    if (!other.settings().state().equals(config.settings().state())) {
      memory.close();
      memory = Memory.in(other.settings().state(), lost);
    }
    if (!other.settings().equals(config.settings())) {
      stopRun();
    }
    adopt(other, now);
  }

  /** Its file is gone: it goes when its round has ended. */
  void leave() {
    gone = true;
    stopRun();
  }

  /** No run goes on by rules that hold no more; it goes on by the new ones at once. */
  private void stopRun() {
    Round going = round;
    if (going != null && going.policies()) {
      going.live().stop();
    }
  }

  /** Goes by the same text with what its variables stand for now. */
  void refresh(ConfigFile same) {
    config = same;
  }

  private void adopt(ConfigFile other, Instant now) {
    config = other;
    items = Item.of(other.timetable());
    starts.clear();
    for (Item item : items) {
      memory.marks().computeIfAbsent(item.name(), name -> Mark.of(item, now)).meet(item, now);
      item.schedule().ifPresent(each -> starts.put(item.name(), new Starts(each, memory.seed())));
    }
    memory.marks().keySet().retainAll(items.stream().map(Item::name).toList());
  }

  /** Lets another process serve it. */
  void close() {
    memory.close();
  }

  void save(Consumer<String> trouble) {
    memory.save(trouble);
  }

  String label() {
    return label;
  }

  ConfigFile config() {
    return config;
  }

  List<Item> items() {
    return items;
  }

  Mark mark(Item item) {
    Mark mark = memory.marks().get(item.name());
    if (mark == null) {
      throw new IllegalStateException("Nothing is remembered of " + item.name());
    }
    return mark;
  }

  Optional<Round> round() {
    return Optional.ofNullable(round);
  }

  Optional<DatabaseSize> size() {
    return size;
  }

  int inDoubt() {
    return inDoubt;
  }

  /** The items whose clock was put back too far to be waited for. */
  List<Item> follow(Instant now) {
    return items.stream().filter(item -> mark(item).follow(now)).toList();
  }

  /** The slot for which an item is due and has not run. */
  Optional<Instant> dueSlot(Item item, Instant now) {
    Starts own = starts.get(item.name());
    return own == null
        ? Optional.empty()
        : own.started(now).filter(slot -> !mark(item).settled(slot));
  }

  boolean due(Item item, Instant now) {
    return mark(item).owed(now) || dueSlot(item, now).isPresent();
  }

  /** When an item begins next, as far as time decides: now, if it is due. */
  Optional<Instant> next(Item item, Instant now) {
    if (due(item, now)) {
      return Optional.of(window(item).map(each -> each.opens(now)).orElse(now));
    }
    Mark mark = mark(item);
    Starts own = starts.get(item.name());
    Optional<Instant> slot = Optional.empty();
    if (own != null) {
      Instant last = own.started(now).orElse(mark.anchor);
      slot = own.next(last.isAfter(mark.anchor) ? last : mark.anchor).map(own::start);
    }
    Optional<Instant> owed = mark.owed ? Optional.ofNullable(mark.owedFrom) : Optional.empty();
    Optional<Instant> first =
        slot.isEmpty() || owed.isPresent() && owed.get().isBefore(slot.get()) ? owed : slot;
    return first.map(at -> window(item).map(each -> each.opens(at)).orElse(at));
  }

  /** The hours of a policy; a job has its own times. */
  private Optional<Window> window(Item item) {
    return item.isPolicy() ? config.settings().termsOf(item.name()).window() : Optional.empty();
  }

  /** The policies that are due outside their window. */
  List<Item> outside(Instant now) {
    return items.stream().filter(item -> due(item, now) && !open(item, now)).toList();
  }

  private boolean open(Item item, Instant now) {
    return window(item).map(each -> each.open(now)).orElse(true);
  }

  /** Since when something waits that could begin now; empty if nothing does. */
  Optional<Instant> readySince(Instant now) {
    return round != null || gone
        ? Optional.empty()
        : items.stream()
            .filter(item -> due(item, now) && open(item, now))
            .map(item -> since(item, now))
            .min(Instant::compareTo);
  }

  /** What is due first: all policies that are due together, or one job. */
  private List<Item> first(Instant now) {
    List<Item> ready =
        items.stream()
            .filter(item -> due(item, now) && open(item, now))
            .sorted(Comparator.comparing(item -> since(item, now)))
            .toList();
    return ready.get(0).isPolicy()
        ? ready.stream().filter(Item::isPolicy).toList()
        : List.of(ready.get(0));
  }

  /** Since when it is due; what is owed goes before what has a time. */
  private Instant since(Item item, Instant now) {
    return mark(item).owed(now) ? Instant.MIN : dueSlot(item, now).orElse(now);
  }

  /** Begins what is due first. */
  Round begin(ConfigFile present, Instant now) {
    List<Item> chosen = first(now);
    Map<String, Instant> slots = new LinkedHashMap<>();
    chosen.forEach(item -> dueSlot(item, now).ifPresent(slot -> slots.put(item.name(), slot)));
    Optional<Instant> end =
        chosen.stream()
            .flatMap(item -> window(item).stream())
            .map(each -> each.closes(now))
            .min(Instant::compareTo);
    chosen.forEach(item -> mark(item).begin(now, slots.get(item.name())));
    round = new Round(label, present, chosen, slots, end, new Live(now));
    return round;
  }

  /** Takes down what became of the round. */
  void end(Round ended, Outcome outcome, boolean stopped, Instant now) {
    round = null;
    outcome.size().ifPresent(bytes -> size = Optional.of(bytes));
    inDoubt = outcome.inDoubt() < 0 ? inDoubt : outcome.inDoubt();
    for (Item item : ended.items()) {
      Result result = outcome.results().get(item.name());
      Mark mark = memory.marks().get(item.name());
      if (result != null && mark != null) {
        mark.end(result, now);
        goOn(mark, result, ended, stopped, now);
      }
    }
    for (Item item : items) {
      boolean follows =
          item.job()
              .flatMap(job -> job.after())
              .map(outcome.results()::get)
              .filter(Result::well)
              .isPresent();
      if (follows) {
        mark(item).owe(null);
      }
    }
  }

  /** What the end of the window or of the process cut short goes on when it may. */
  private static void goOn(Mark mark, Result result, Round ended, boolean stopped, Instant now) {
    Optional<Instant> closed = ended.end().filter(end -> !now.isBefore(end.minus(WINDOW_MARGIN)));
    if (result.again() || result.asked() && (stopped || closed.isPresent())) {
      mark.owe(closed.orElse(null));
    }
  }

  /** The longest of the next times between two runs of an item. */
  Duration interval(Item item, Instant now) {
    Starts own = starts.get(item.name());
    return own == null ? Duration.ZERO : own.interval(now);
  }
}
