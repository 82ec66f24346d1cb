package io.tideline.maintenance.bench;

/** What goes on beside a bench in its middle. */
public interface Beside {
  /** Begins it; returns at once. */
  void begin();

  /** Whether it still goes on; never before {@link #begin}. */
  boolean goesOn();
}
