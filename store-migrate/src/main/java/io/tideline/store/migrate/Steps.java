package io.tideline.store.migrate;

/** Told where it is, so that a test can end the process just there. */
@FunctionalInterface
interface Steps {
  Steps NONE = name -> {};

  void at(String name);
}
