package io.tideline.store.migrate;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** Migrates a store, or takes that back, and ends at a step as if it were killed. */
final class KilledMigrationMain {
  private KilledMigrationMain() {}

  /** The file, the call, the step, and how often it is passed before. */
  public static void main(String[] arguments) {
    AtomicInteger left = new AtomicInteger(Integer.parseInt(arguments[3]));
    TraceStoreMigration migration =
        TraceStoreMigration.of(Path.of(arguments[0]))
            .pace(40, 0)
            .steps(
                name -> {
                  if (name.equals(arguments[2]) && left.getAndDecrement() == 0) {
                    Runtime.getRuntime().halt(137);
                  }
                });
    switch (arguments[1]) {
      case "run" -> migration.run();
      case "undo" -> migration.undo();
      default -> migration.finish();
    }
  }
}
