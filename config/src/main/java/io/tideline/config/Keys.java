package io.tideline.config;

import java.util.List;

/** The keys that the file may hold. The JSON Schema lists the same ones; a test compares them. */
final class Keys {
  static final List<String> TOP =
      List.of(
          "version",
          "database",
          "archive",
          "state",
          "floor",
          "pace",
          "window",
          "probe",
          "require",
          "policies",
          "references",
          "payloads",
          "queries",
          "backfills",
          "backup",
          "indexes",
          "partitions",
          "timezone",
          "cron",
          "every",
          "jitter",
          "alarm_after",
          "jobs",
          "notify",
          "inspect");
  static final List<String> POLICY =
      List.of(
          "table",
          "time",
          "retain",
          "floor",
          "action",
          "format",
          "where",
          "keep_if",
          "keep_latest",
          "max_value",
          "archive_table",
          "dependents",
          "max_tree",
          "large_trees",
          "pace",
          "window",
          "probe",
          "require",
          "timezone",
          "cron",
          "every",
          "jitter",
          "alarm_after");
  static final List<String> PACE =
      List.of("base", "lock", "work", "smallest", "largest", "log", "lag", "patience");
  static final List<String> PROBE = List.of("query", "url", "at_most", "every");
  static final List<String> REQUIRE = List.of("backup", "free_disk", "max_eligible", "none");
  static final List<String> PAYLOADS =
      List.of(
          "folder", "hash", "layout", "columns", "root", "retain", "keep_if", "grace", "orphans");
  static final List<String> INDEX =
      List.of(
          "table",
          "columns",
          "unique",
          "where",
          "include",
          "collation",
          "method",
          "absent",
          "only",
          "sqlite",
          "postgresql");
  static final List<String> INDEX_OF_ENGINE =
      List.of("table", "columns", "unique", "where", "include", "collation", "method", "absent");
  static final List<String> INDEX_COLUMN =
      List.of("column", "sql", "order", "nulls", "collation", "operators");
  static final List<String> BACKFILL =
      List.of("table", "column", "add", "copy", "value", "where", "fill", "sample", "not_null");
  static final List<String> PARTITIONS =
      List.of("table", "by", "every", "ahead", "names", "epoch", "start", "unique_by");
  static final List<String> COPY = List.of("from", "over");
  static final List<String> BACKUP = List.of("to", "keep");
  static final List<String> TIME = List.of("column", "sql", "format", "zone");
  static final List<String> KEEP_LATEST = List.of("per", "rows");
  static final List<String> PART = List.of("sql");
  static final List<String> DEPENDENT = List.of("table", "via", "on");
  static final List<String> REFERENCE = List.of("table", "columns", "to", "to_columns");

  static final List<String> QUERY = List.of("sql", "params", "expect");
  static final List<String> EXPECT =
      List.of("uses_index", "no_full_scan", "may_scan", "no_sort", "max_examined");
  static final List<String> PARAMETER = List.of("type", "value", "ago", "as", "sample");
  static final List<String> SAMPLE = List.of("type", "value", "ago", "as");

  static final List<String> JOB =
      List.of("command", "timezone", "cron", "every", "jitter", "after");
  static final List<String> NOTICE = List.of("on", "command", "webhook", "headers");
  static final List<String> INSPECT = List.of("suppress");
  static final List<String> SUPPRESSION = List.of("finding", "place", "reason", "until");

  private Keys() {}
}
