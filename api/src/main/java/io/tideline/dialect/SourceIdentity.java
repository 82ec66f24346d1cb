package io.tideline.dialect;

/**
 * Who a database is, wherever it moves.
 *
 * @param dialect the dialect's name
 * @param id what never changes: a random id (SQLite), system identifier and database (PostgreSQL)
 * @param place where it was, without secrets; a difference only warns
 */
public record SourceIdentity(String dialect, String id, String place) {
  /** Whether both are one database, wherever it lies. */
  public boolean sameAs(SourceIdentity other) {
    return dialect.equals(other.dialect) && id.equals(other.id);
  }
}
