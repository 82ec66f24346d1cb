package io.tideline.maintenance.bench;

import io.tideline.error.TidelineException;
import java.util.Map;

/** What is put under load. Any thread may open askers of it. */
public interface Target {
  /** What a person calls it; no secret is in it. */
  String name();

  /**
   * What makes its figures comparable with others of the same: the text of a query, an address and
   * a method. No secret is in it.
   */
  Map<String, String> identity();

  /** What {@link Answer#amount} counts: {@code rows}, {@code bytes}. */
  String amounts();

  /**
   * Opens what one worker asks with, a connection of its own where there are connections.
   *
   * @throws TidelineException if it cannot be asked at all: nothing was changed
   */
  Asker open();

  /** Asks, one request at a time. */
  interface Asker extends AutoCloseable {
    /**
     * Asks once, and takes the answer to its end.
     *
     * @param number which request it is, from 0, by which values may vary
     */
    Answer ask(long number);

    /** Gives up what is asked now and whatever would be asked later; any thread may call it. */
    void giveUp();

    @Override
    void close();
  }
}
