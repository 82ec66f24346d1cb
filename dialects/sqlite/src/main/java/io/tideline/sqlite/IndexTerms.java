package io.tideline.sqlite;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * What an index is ordered by, as GROUP BY writes it.
 *
 * @param terms its terms
 * @param predicate which rows it holds; empty for all
 * @param unique whether it forbids repeats
 */
record IndexTerms(List<Kinds.Term> terms, String predicate, boolean unique) {
  private static final String TERMS =
      """
      SELECT x.name, x.coll FROM pragma_index_xinfo(?, 'main') AS x WHERE x."key" = 1
      ORDER BY x.seqno""";

  private static final String OWN =
      """
      SELECT coalesce(s.sql, ''), l."unique" FROM main.sqlite_schema AS s,
        pragma_index_list(s.tbl_name, 'main') AS l
      WHERE s.type = 'index' AND s.name = ?1 AND l.name = ?1""";

  IndexTerms {
    terms = List.copyOf(terms);
  }

  /** Those of an index of a database. */
  static IndexTerms of(Session session, String index) throws SQLException {
    List<String[]> own = session.strings(OWN, index);
    String sql = own.isEmpty() ? "" : own.get(0)[0];
    IndexDefinition text = sql.isEmpty() ? IndexDefinition.NONE : IndexDefinition.parse(sql);
    List<Kinds.Term> terms = new ArrayList<>();
    for (String[] row : session.strings(TERMS, index)) {
      int at = terms.size();
      boolean expression = row[0] == null;
      String what =
          expression ? at < text.parts().size() ? text.parts().get(at) : "1" : Sql.quote(row[0]);
      String collate = row[1] == null ? "" : " COLLATE " + Sql.quote(row[1]);
      terms.add(new Kinds.Term(expression ? "" : row[0], "(" + what + ")" + collate));
    }
    boolean unique = own.isEmpty() || own.get(0)[1].equals("1");
    return new IndexTerms(terms, text.predicate(), unique);
  }
}
