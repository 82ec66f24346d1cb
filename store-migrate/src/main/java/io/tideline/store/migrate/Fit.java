package io.tideline.store.migrate;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which rows the new tables can hold as they are. */
final class Fit {
  private static final String YEARS = "BETWEEN -62135596800 AND 253402300800";

  private static final String TIME = "typeof(o.%1$s) IN ('real', 'integer') AND o.%1$s " + YEARS;

  /** A trace of the old layout that the new one can hold. */
  static final String TRACE =
      """
      typeof(o.id) = 'text' AND o.id <> '' AND typeof(o.context_type) = 'text'
        AND typeof(o.namespace) = 'text' AND typeof(o.data) = 'text'
        AND typeof(o.metadata) IN ('text', 'null') AND\s"""
          + TIME.formatted("created_at")
          + " AND "
          + TIME.formatted("updated_at");

  static final String MAPPING = "typeof(s.session_uid) = 'text'";

  private static final String OF_TRACES = "SELECT count(*) FROM traces AS o WHERE NOT coalesce(";
  private static final String OF_MAPPINGS =
      "SELECT count(*) FROM trace_sessions AS s WHERE NOT coalesce(";

  private static final Map<String, String> QUESTIONS = questions();

  private Fit() {}

  private static Map<String, String> questions() {
    Map<String, String> all = new LinkedHashMap<>();
    for (String column : List.of("id", "context_type", "namespace", "data")) {
      all.put(
          "traces have no text in " + column + ". Give them one",
          OF_TRACES + "typeof(o." + column + ") = 'text', 0)");
    }
    all.put("traces have an empty id. Give them one", OF_TRACES + "o.id <> '', 1)");
    all.put(
        "traces have metadata that is neither text nor NULL. Make it text",
        OF_TRACES + "typeof(o.metadata) IN ('text', 'null'), 0)");
    for (String column : List.of("created_at", "updated_at")) {
      all.put(
          "traces have a "
              + column
              + " that is not a number of seconds within the years 1 to 9999. Make it one",
          OF_TRACES + TIME.formatted(column) + ", 0)");
    }
    all.put(
        "mappings have no text in session_uid. Give them one",
        OF_MAPPINGS + "typeof(s.session_uid) = 'text', 0)");
    all.put(
        "mappings belong to no trace. Save them elsewhere and delete them",
        OF_MAPPINGS + "EXISTS (SELECT 1 FROM traces AS o WHERE o.id = s.trace_id), 0)");
    return all;
  }

  /** Rows that cannot be carried over, counted by why. */
  static List<String> obstacles(Sql sql) throws SQLException {
    List<String> found = new ArrayList<>();
    for (Map.Entry<String, String> question : QUESTIONS.entrySet()) {
      long rows = sql.number(question.getValue());
      if (rows > 0) {
        found.add(rows + " " + question.getKey());
      }
    }
    return found;
  }
}
