package io.tideline.maintenance.reclaim;

import io.tideline.dialect.ReclaimOption;
import io.tideline.dialect.ReclaimOption.Consent;
import io.tideline.dialect.ReclaimWay;
import java.util.ArrayList;
import java.util.List;

/** Chooses, among what could be done, what harms least and is allowed. */
final class ReclaimChoice {
  /** Less is not worth a word. */
  private static final long LEAST = 64 << 10;

  private final ReclaimRequest request;
  private final boolean inWindow;
  private final Rooms rooms;
  private final List<ReclaimOption> chosen = new ArrayList<>();
  private final List<ReclaimPlan.Left> others = new ArrayList<>();

  private ReclaimChoice(ReclaimRequest request, boolean inWindow, Rooms rooms) {
    this.request = request;
    this.inWindow = inWindow;
    this.rooms = rooms;
  }

  /**
   * Chooses.
   *
   * @param options the least harmful first
   * @param inWindow whether there is a window, and it is open
   */
  static ReclaimChoice of(
      List<ReclaimOption> options, ReclaimRequest request, boolean inWindow, Rooms rooms) {
    ReclaimChoice choice = new ReclaimChoice(request, inWindow, rooms);
    options.forEach(choice::judge);
    return choice;
  }

  List<ReclaimOption> chosen() {
    return chosen;
  }

  List<ReclaimPlan.Left> others() {
    return others;
  }

  private void judge(ReclaimOption option) {
    String why = why(option);
    if (why.isEmpty()) {
      chosen.add(option);
    } else {
      others.add(new ReclaimPlan.Left(option, why));
    }
  }

  /** Why an option is not taken; empty if it is. */
  private String why(ReclaimOption option) {
    boolean named = request.way().filter(option.way()::equals).isPresent();
    if (request.way().isPresent() && !named) {
      return "Not asked for.";
    }
    if (!option.possible()) {
      return option.refusal();
    }
    if (named) {
      return "";
    }
    if (servedAlready(option)) {
      return "What was chosen before it gives the same space back.";
    }
    if (shrinks(option) && option.gain() < LEAST && !convertsFor(option)) {
      boolean some = option.gain() > 0;
      return option.consent() == Consent.NONE
          ? some ? "It would gain hardly anything." : "It would gain nothing."
          : (some ? "Hardly a page is free" : "No page is free")
              + "; what half-empty ones would give is not known before. Only with --way "
              + option.way().word()
              + ".";
    }
    return allowed(option);
  }

  /** The ways of the whole file give the same free pages back: one of them is enough. */
  private boolean servedAlready(ReclaimOption option) {
    return whole(option)
        && !convertsFor(option)
        && chosen.stream().anyMatch(other -> whole(other) && other.gain() >= LEAST);
  }

  private static boolean whole(ReclaimOption option) {
    return switch (option.way()) {
      case INCREMENTAL, COMPACT, VACUUM -> option.target().isEmpty();
      default -> false;
    };
  }

  private boolean convertsFor(ReclaimOption option) {
    return request.toIncremental()
        && option.way() == ReclaimWay.COMPACT
        && request.online()
        && chosen.stream().noneMatch(other -> other.way() == ReclaimWay.INCREMENTAL);
  }

  /** What has no room then hinders none of the others. */
  private static boolean isOneOfMany(ReclaimOption option) {
    return !option.target().isEmpty();
  }

  /** Those whose gain is known before. */
  private static boolean shrinks(ReclaimOption option) {
    return switch (option.way()) {
      case CHECKPOINT, INCREMENTAL, COMPACT, VACUUM -> true;
      default -> false;
    };
  }

  private String allowed(ReclaimOption option) {
    if (option.way() == ReclaimWay.COMPACT && request.online()) {
      return "";
    }
    String name = "--way " + option.way().word();
    if (isOneOfMany(option) && !rooms.fit(option.rooms())) {
      return "The disk for it is not free. Only with " + name + ".";
    }
    if (option.consent() == Consent.NONE || option.consent() == Consent.WINDOW && inWindow) {
      return "";
    }
    return option.way() == ReclaimWay.COMPACT
        ? "Only with --online or " + name + "."
        : option.consent() == Consent.WINDOW
            ? "Only in a 'window' of the configuration, or with " + name + "."
            : "Only with " + name + ".";
  }
}
