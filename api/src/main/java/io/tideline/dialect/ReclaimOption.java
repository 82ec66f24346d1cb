package io.tideline.dialect;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Something that would give space back now, and what it would cost.
 *
 * @param way how
 * @param target what of the database: a table, an index; empty if all of it
 * @param gain about how many bytes the operating system gets back
 * @param does what it does and gains besides, one sentence for a person
 * @param blocks what others feel, one sentence
 * @param time about how long it takes
 * @param rooms what must be free meanwhile, where that can be looked at
 * @param elsewhere the bytes that must be free where nobody can look, as on another machine
 * @param consent whom it needs
 * @param refusal why it cannot be done; empty if it can
 */
public record ReclaimOption(
    ReclaimWay way,
    String target,
    long gain,
    String does,
    String blocks,
    Duration time,
    List<Room> rooms,
    long elsewhere,
    Consent consent,
    String refusal) {
  /** Copies the list. */
  public ReclaimOption {
    rooms = List.copyOf(rooms);
  }

  /** One that needs nothing where nobody can look. */
  public ReclaimOption(
      ReclaimWay way,
      String target,
      long gain,
      String does,
      String blocks,
      Duration time,
      List<Room> rooms,
      Consent consent,
      String refusal) {
    this(way, target, gain, does, blocks, time, rooms, 0, consent, refusal);
  }

  /**
   * Bytes that must be free where something lies.
   *
   * @param at a file or folder, which need not be there yet
   * @param bytes how many
   */
  public record Room(Path at, long bytes) {}

  /** When something may be done. */
  public enum Consent {
    /** At any time: nobody feels it. */
    NONE,
    /** In a window, or where it is asked for by name. */
    WINDOW,
    /** Only where it is asked for by name. */
    NAME
  }

  /** Whether it can be done. */
  public boolean possible() {
    return refusal.isEmpty();
  }
}
