package io.tideline.examples;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;

/** The audit trail of a pipeline: half a year of runs, of every status. */
final class Elspeth implements Example {
  private static final int RUNS = 48;
  private static final int DAYS = 192;

  @Override
  public void fill(Store store, Order order) throws SQLException, IOException {
    Payloads payloads = new Payloads(order.payloads());
    Random random = new Random(order.seed());
    int runs = RUNS * order.scale();
    for (int i = 0; i < runs; i++) {
      Duration age = Duration.ofDays(DAYS).multipliedBy(runs - i).dividedBy(runs);
      Instant start = order.now().minus(age).plusSeconds(random.nextInt(3_600));
      new ElspethRun(store, payloads, random, i, start).add(status(i), i % 12 == 2, i % 4 == 2);
    }
    payloads.orphans(order.now());
    payloads.misfiled(order.now());
  }

  /** Mostly completed; of every sixteen one never ended, one is empty, some had failures. */
  private static String status(int run) {
    return switch (run % 16) {
      case 3 -> run % 32 == 3 ? "running" : "interrupted";
      case 5 -> "empty";
      case 7 -> "failed";
      case 1, 9 -> "completed_with_failures";
      default -> "completed";
    };
  }
}
