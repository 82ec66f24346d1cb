package io.tideline.postgresql;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.tuning.IndexColumn;
import io.tideline.tuning.IndexSpec;
import java.sql.SQLException;
import java.util.List;

/** What must be so before an index can be made: told before anything is done. */
final class IndexNeeds {
  private static final String NOTHING = "Nothing was changed.";

  private final Session session;
  private final TableShape shape;

  IndexNeeds(Session session, TableShape shape) {
    this.session = session;
    this.shape = shape;
  }

  void require(IndexSpec spec) throws SQLException {
    String what = "Cannot make the index " + spec.name() + " on " + shape.name() + ": ";
    if (IndexStatement.tooLong(spec.name())) {
      throw new TidelineException(
          ErrorCode.INDEX_REFUSED,
          what + "its name is longer than 63 bytes, and the server would cut it.",
          NOTHING,
          "Give it a shorter name.");
    }
    rights(what);
    for (IndexColumn each : spec.columns()) {
      if (each.isExpression()) {
        check(each.expression());
      }
      if (!each.collation().isEmpty()) {
        new SameSql(session, shape).collationNamed(each.collation());
      }
    }
    if (!spec.where().isEmpty()) {
      check(spec.where());
    }
    if (shape.partitioned()) {
      List<String> foreign = PartitionedIndex.foreign(session, shape);
      if (!foreign.isEmpty()) {
        throw new TidelineException(
            ErrorCode.INDEX_REFUSED,
            what + "its partition " + foreign.get(0) + " is a foreign table, which can have none.",
            NOTHING,
            "Declare the index for each other partition by itself.");
      }
    }
  }

  private void check(String sql) throws SQLException {
    session.check("SELECT (" + sql + ") FROM " + shape.from());
  }

  private void rights(String what) throws SQLException {
    String[] lack = session.text(IndexSql.RIGHTS.formatted(shape.oid())).split(" ", 2);
    String role = Sql.quote(session.role());
    switch (lack[0]) {
      case "owner" ->
          throw new TidelineException(
              ErrorCode.RIGHTS_MISSING,
              what + "only the owner of the table may, and " + session.role() + " is not.",
              NOTHING,
              "Log in as "
                  + lack[1]
                  + ", or let an administrator GRANT "
                  + Sql.quote(lack[1])
                  + " TO "
                  + role
                  + ".");
      case "schema" ->
          throw new TidelineException(
              ErrorCode.RIGHTS_MISSING,
              what
                  + session.role()
                  + " may not create in the schema "
                  + shape.name().schema()
                  + ".",
              NOTHING,
              "GRANT CREATE ON SCHEMA " + Sql.quote(shape.name().schema()) + " TO " + role + ";");
      case "standby" ->
          throw new TidelineException(
              ErrorCode.DATABASE_READ_ONLY,
              what + "the server is a standby.",
              NOTHING,
              "Connect to the primary server.");
      default -> {}
    }
  }
}
