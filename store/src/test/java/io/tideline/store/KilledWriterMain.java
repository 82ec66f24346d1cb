package io.tideline.store;

import java.nio.file.Path;
import java.util.List;

/** Writes logs as fast as it can, and says which it has accepted, until it is killed. */
final class KilledWriterMain {
  private KilledWriterMain() {}

  public static void main(String[] arguments) {
    Database database = Database.sqlite(Path.of(arguments[0])).open();
    BufferedWriter<Long> writer =
        BufferedWriter.to(
                database,
                BatchInsert.into(
                    "logs", List.of("id"), (statement, row) -> statement.setLong(1, (Long) row)),
                (Long row, StoreException why) -> System.out.println("aside"))
            .maxRows(Integer.parseInt(arguments[1]))
            .flushRows(50)
            .start();
    for (long id = 1; ; id++) {
      writer.write(id);
      System.out.println(id);
    }
  }
}
