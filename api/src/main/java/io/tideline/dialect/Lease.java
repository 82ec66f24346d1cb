package io.tideline.dialect;

import io.tideline.policy.Pace;

/** The exclusive right to write to a database as Tideline, held until closed. */
public interface Lease extends AutoCloseable {
  /** Who the leased database is. */
  SourceIdentity identity();

  /**
   * Opens the connection that writes. On PostgreSQL it is the session that holds the lease, so
   * there is one; closing the writer leaves the lease.
   *
   * @param pace offline it may take much of the machine
   */
  Writer openWriter(Pace pace);

  /**
   * Makes sure that the lease still holds; on PostgreSQL on the writer's thread, for it asks its
   * session.
   *
   * @throws io.tideline.error.TidelineException {@code LEASE_LOST}, {@code CONNECTION_LOST}:
   *     another run may have begun
   */
  void confirm();

  /** Gives the lease back; a lost connection has already done so. */
  @Override
  void close();
}
