package io.tideline.maintenance.bench;

/** How requests of an open model come. */
public enum Arrivals {
  /** Each at the same distance from the one before. */
  FIXED,
  /** By chance, as those of many users who do not know of each other: a Poisson process. */
  POISSON
}
