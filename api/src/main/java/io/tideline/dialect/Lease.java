package io.tideline.dialect;

/** The exclusive right to write to a database as Tideline, held until closed. */
public interface Lease extends AutoCloseable {
  /** Who the leased database is. */
  SourceIdentity identity();

  /**
   * Opens the connection that writes. On PostgreSQL it is the session that holds the lease, so
   * there is one; closing the writer leaves the lease.
   */
  Writer openWriter();

  /** Gives the lease back; a lost connection has already done so. */
  @Override
  void close();
}
