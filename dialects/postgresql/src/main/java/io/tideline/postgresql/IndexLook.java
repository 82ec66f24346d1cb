package io.tideline.postgresql;

import io.tideline.catalogue.TableName;
import io.tideline.tuning.IndexColumn;
import io.tideline.tuning.IndexColumn.Nulls;
import io.tideline.tuning.IndexShape;
import io.tideline.tuning.IndexSpec;
import io.tideline.tuning.IndexStanding;
import io.tideline.tuning.IndexState;
import io.tideline.tuning.SqlName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** How a declared index stands on the server. */
final class IndexLook {
  private final Session session;
  private final TableShape shape;
  private final TableName on;
  private final long oid;
  private final SameSql same;

  /** Looks at the indexes of a table. */
  IndexLook(Session session, TableShape shape) {
    this(session, shape, shape.name(), shape.oid());
  }

  /**
   * Looks at the indexes of a table, or of one of its partitions.
   *
   * @param on the table that has the index
   */
  IndexLook(Session session, TableShape shape, TableName on, long oid) {
    this.session = session;
    this.shape = shape;
    this.on = on;
    this.oid = oid;
    this.same = new SameSql(session, shape);
  }

  /**
   * What has a name.
   *
   * @param settled whether it is valid, or nobody builds it
   */
  record Found(
      String kind,
      long oid,
      long table,
      String tableName,
      boolean valid,
      boolean unique,
      String method,
      boolean nullsEqual,
      String predicate,
      String needed,
      boolean settled,
      String comment,
      OptionalLong bytes) {
    boolean partitioned() {
      return kind.equals("I");
    }

    boolean index() {
      return kind.equals("i") || kind.equals("I");
    }
  }

  IndexStanding look(IndexSpec spec) throws SQLException {
    Optional<Found> found = find(spec.name());
    if (found.isEmpty()) {
      return standing(spec, spec.absent() ? IndexState.ABSENT : IndexState.MISSING);
    }
    Found real = found.get();
    if (!real.index() || real.table() != oid) {
      String what = real.index() ? "an index of " + real.tableName() : "a table, view or sequence";
      return standing(
          spec, spec.absent() ? IndexState.ABSENT : IndexState.TAKEN, what + " has its name");
    }
    List<String> differences = spec.columns().isEmpty() ? List.of() : differences(spec, real);
    if (!real.settled()) {
      return told(spec, IndexState.BUILDING, builders(), real);
    }
    if (spec.absent()) {
      return unwanted(spec, real, differences);
    }
    if (!differences.isEmpty()) {
      return told(spec, IndexState.DIFFERENT, differences, real);
    }
    return real.valid()
        ? told(spec, IndexState.PRESENT, List.of(), real)
        : told(spec, IndexState.INVALID, List.of("its build or drop failed"), real);
  }

  private IndexStanding unwanted(IndexSpec spec, Found real, List<String> differences) {
    if (!differences.isEmpty()) {
      return standing(
          spec, IndexState.ABSENT, "the one of this name is another: it " + differences.get(0));
    }
    return real.needed().isEmpty()
        ? told(spec, IndexState.UNWANTED, List.of(), real)
        : told(spec, IndexState.NEEDED, List.of(real.needed()), real);
  }

  private IndexStanding standing(IndexSpec spec, IndexState state, String... details) {
    return new IndexStanding(spec, on, state, List.of(details), OptionalLong.empty());
  }

  private IndexStanding told(IndexSpec spec, IndexState state, List<String> details, Found real) {
    return new IndexStanding(spec, on, state, details, real.bytes());
  }

  /** What has a name in the table's schema, if anything has. */
  Optional<Found> find(String name) throws SQLException {
    boolean since15 = session.connection().getMetaData().getDatabaseMajorVersion() >= 15;
    String sql =
        IndexSql.NAMED.formatted(
            since15 ? "COALESCE(i.indnullsnotdistinct, false)" : "false",
            Sql.string(on.schema()),
            Sql.string(name));
    try (Statement statement = session.statement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? Optional.of(found(row)) : Optional.empty();
    }
  }

  private static Found found(ResultSet row) throws SQLException {
    long bytes = row.getLong("bytes");
    OptionalLong size = row.wasNull() ? OptionalLong.empty() : OptionalLong.of(bytes);
    return new Found(
        text(row, "relkind"),
        row.getLong("oid"),
        row.getLong("table_oid"),
        text(row, "table_name"),
        row.getBoolean("valid"),
        row.getBoolean("indisunique"),
        text(row, "amname"),
        row.getBoolean("nulls_equal"),
        text(row, "predicate"),
        text(row, "needed"),
        row.getBoolean("settled"),
        text(row, "comment"),
        size);
  }

  private static String text(ResultSet row, String column) throws SQLException {
    String text = row.getString(column);
    return text == null ? "" : text;
  }

  private List<String> builders() throws SQLException {
    List<String> builders = new ArrayList<>();
    try (Statement statement = session.statement();
        ResultSet row = statement.executeQuery(IndexSql.BUILDERS.formatted(oid))) {
      while (row.next()) {
        String phase = text(row, "phase");
        builders.add(
            "session %s (%s) builds it%s"
                .formatted(
                    row.getLong("pid"), text(row, "who"), phase.isEmpty() ? "" : ", now " + phase));
      }
    }
    return builders.isEmpty() ? List.of("a session builds it") : builders;
  }

  /** In what a real index differs from what is declared. */
  List<String> differences(IndexSpec spec, Found real) throws SQLException {
    IndexShape declared = declared(spec);
    return real(spec, real, declared).differences(declared);
  }

  private IndexShape declared(IndexSpec spec) throws SQLException {
    List<IndexShape.Part> parts = new ArrayList<>();
    for (IndexColumn each : spec.columns()) {
      String what =
          each.isExpression() ? each.expression() : Names.column(shape.table(), each.column());
      String collation = each.collation().isEmpty() ? "" : same.collationNamed(each.collation());
      Nulls moved = each.descending() ? Nulls.LAST : Nulls.FIRST;
      parts.add(
          new IndexShape.Part(
              what,
              each.isExpression(),
              collation.equals(own(each, what)) ? "" : collation,
              each.operators().isEmpty() ? "" : last(each.operators()),
              each.descending(),
              each.nulls() == moved));
    }
    Set<String> include = new HashSet<>();
    spec.include().forEach(each -> include.add(Names.column(shape.table(), each)));
    return new IndexShape(
        parts,
        spec.unique(),
        false,
        spec.where(),
        include,
        spec.method().isEmpty() ? "btree" : last(spec.method()));
  }

  /** The collation that it has where none is declared. */
  private String own(IndexColumn column, String what) throws SQLException {
    if (column.collation().isEmpty()) {
      return "";
    }
    return same.collation(column.isExpression() ? what : Sql.quote(what));
  }

  /** The usual operators have no name where none is declared, and else theirs. */
  private IndexShape real(IndexSpec spec, Found real, IndexShape declared) throws SQLException {
    List<IndexShape.Part> parts = new ArrayList<>();
    Set<String> include = new HashSet<>();
    try (Statement statement = session.statement();
        ResultSet row = statement.executeQuery(IndexSql.PARTS.formatted(real.oid()))) {
      while (row.next()) {
        if (row.getBoolean("key")) {
          parts.add(part(row, spec, declared, parts.size()));
        } else {
          include.add(text(row, "column_name"));
        }
      }
    }
    return new IndexShape(
        parts,
        real.unique(),
        real.nullsEqual(),
        same.alike(real.predicate(), declared.where()) ? declared.where() : real.predicate(),
        include,
        real.method());
  }

  private IndexShape.Part part(ResultSet row, IndexSpec spec, IndexShape declared, int at)
      throws SQLException {
    String column = text(row, "column_name");
    String what = column.isEmpty() ? text(row, "expression") : column;
    boolean known = at < declared.parts().size();
    if (column.isEmpty() && known && same.alike(what, declared.parts().get(at).what())) {
      what = declared.parts().get(at).what();
    }
    String collation = text(row, "collation");
    boolean usual =
        collation.isEmpty()
            || collation.equals("-")
            || row.getBoolean("own_collation")
            || column.isEmpty() && collation.equals(same.collation(what));
    boolean named =
        known && at < spec.columns().size() && !spec.columns().get(at).operators().isEmpty();
    boolean usualOperators = row.getBoolean("usual_operators") && !named;
    int options = row.getInt("options");
    boolean descending = (options & 1) != 0;
    boolean nullsFirst = (options & 2) != 0;
    return new IndexShape.Part(
        what,
        column.isEmpty(),
        usual ? "" : collation,
        usualOperators ? "" : text(row, "operators"),
        descending,
        nullsFirst != descending);
  }

  private static String last(String name) {
    List<String> parts = SqlName.parts(name);
    return parts.get(parts.size() - 1);
  }
}
