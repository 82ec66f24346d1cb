package io.tideline.sqlite;

import io.tideline.dialect.Database;
import io.tideline.dialect.DatabaseUrl;
import io.tideline.dialect.Lease;
import io.tideline.error.TidelineException;

/** Another process that takes the lease and keeps it until it is killed. */
final class LeaseHolder {
  private LeaseHolder() {}

  public static void main(String[] arguments) throws Exception {
    try (Database database = new SqliteDialect().open(new DatabaseUrl(arguments[0]));
        Lease lease = database.acquireLease()) {
      System.out.println(lease.identity().id().isEmpty() ? "" : "HELD");
      Thread.sleep(60_000);
    } catch (TidelineException e) {
      System.out.println(e.code() + " " + e.getMessage());
    }
  }
}
