package io.tideline.sqlite;

import io.tideline.dialect.Lease;
import io.tideline.dialect.SourceIdentity;
import io.tideline.dialect.Writer;
import io.tideline.policy.Pace;
import java.sql.SQLException;

/** The lease of one database. */
final class SqliteLease implements Lease {
  private final DatabaseFile file;
  private final LeaseFile lease;
  private final SourceIdentity identity;

  SqliteLease(DatabaseFile file, LeaseFile lease, SourceIdentity identity) {
    this.file = file;
    this.lease = lease;
    this.identity = identity;
  }

  @Override
  public SourceIdentity identity() {
    return identity;
  }

  @Override
  public Writer openWriter(Pace pace) {
    try {
      return SqliteWriter.open(file, pace);
    } catch (SQLException e) {
      throw Failures.reading("Cannot open the database " + file.path() + " for writing", e);
    }
  }

  @Override
  public void confirm() {
    lease.confirm();
  }

  @Override
  public void close() {
    lease.close();
  }
}
