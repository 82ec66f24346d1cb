package io.tideline.postgresql;

import io.tideline.catalogue.TableName;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a move makes beside a table, by name. None of them is touched unless the move's own memory
 * names its oid.
 *
 * @param table the table that is moved
 */
record MoveNames(TableName table) {
  private static final int LONGEST = 63 - "_tideline_broken".length();

  /**
   * Checks the length.
   *
   * @throws TidelineException {@code PARTITIONS_IMPOSSIBLE}
   */
  MoveNames {
    if (table.name().getBytes(StandardCharsets.UTF_8).length > LONGEST) {
      throw new TidelineException(
          ErrorCode.PARTITIONS_IMPOSSIBLE,
          "Cannot move " + table + ": its name is longer than " + LONGEST + " bytes.",
          "Nothing was changed.",
          "Give it a shorter name first.");
    }
  }

  /** A query for the oids of all tables that rows of it may be in. */
  String tables() {
    String all =
        "pg_catalog.unnest(ARRAY["
            + Sql.list(
                List.of(table, copy(), before()),
                each -> "pg_catalog.to_regclass(" + Sql.string(Sql.quote(each)) + ")")
            + "]) AS r(oid)";
    return "SELECT r.oid::pg_catalog.oid FROM "
        + all
        + " UNION ALL SELECT p.relid::pg_catalog.oid FROM "
        + all
        + " CROSS JOIN LATERAL pg_catalog.pg_partition_tree(r.oid) AS p";
  }

  private TableName with(String suffix) {
    return new TableName(table.schema(), table.name() + suffix);
  }

  /** The partitioned table until the switch. */
  TableName copy() {
    return with("_moving");
  }

  /** The plain table after the switch. */
  TableName before() {
    return with("_before");
  }

  /** The keys of changed rows. */
  TableName log() {
    return with("_tideline_log");
  }

  /** How far the move is. */
  TableName memory() {
    return with("_tideline_move");
  }

  /** Counts the changes that could not be noted. It is not transactional, and takes no lock. */
  TableName broken() {
    return with("_tideline_broken");
  }

  /** The function of the triggers. */
  TableName function() {
    return with("_tideline_note");
  }

  /** The name of the nth index, while another has its own. */
  TableName index(TableName of, int number) {
    return new TableName(table.schema(), of.name() + (number < 10 ? "_i0" : "_i") + number);
  }
}
