package io.tideline.testkit.indexes;

import io.tideline.core.Databases;
import io.tideline.dialect.Database;
import io.tideline.dialect.DatabaseUrl;
import io.tideline.dialect.IndexBuilder;
import io.tideline.dialect.IndexCost;
import io.tideline.maintenance.indexes.IndexReport;
import io.tideline.maintenance.indexes.IndexRequest;
import io.tideline.maintenance.indexes.Indexes;
import io.tideline.maintenance.indexes.IndexesDone;
import io.tideline.policy.Settings;
import io.tideline.run.WorkListener;
import io.tideline.testkit.TestDatabase;
import io.tideline.tuning.IndexColumn;
import io.tideline.tuning.IndexSpec;
import io.tideline.tuning.IndexStanding;
import io.tideline.tuning.IndexState;
import io.tideline.tuning.Tuning;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** What tests of indexes do with a database. */
final class IndexDesk {
  static final IndexRequest NOW = new IndexRequest(false, true, Duration.ofSeconds(20));
  static final IndexRequest REPLACE = new IndexRequest(true, true, Duration.ofSeconds(20));

  private final TestDatabase database;
  private final Path folder;

  IndexDesk(TestDatabase database, Path folder) {
    this.database = database;
    this.folder = folder;
  }

  static IndexSpec over(String name, String table, String... columns) {
    return IndexSpec.of(
        name,
        table,
        Arrays.stream(columns)
            .map(
                each ->
                    each.endsWith(" desc")
                        ? IndexColumn.of(each.substring(0, each.length() - 5)).desc()
                        : IndexColumn.of(each))
            .toList());
  }

  Settings settings(IndexSpec... declared) {
    return Settings.of(database.url(), folder.resolve("archive"), List.of())
        .withTuning(Tuning.NONE.withIndexes(List.of(declared)));
  }

  IndexStanding look(IndexSpec spec) {
    try (Database opened = Databases.open(new DatabaseUrl(database.url()));
        IndexBuilder builder = opened.indexBuilder()) {
      return builder.look(spec);
    }
  }

  IndexCost cost(IndexSpec spec) {
    try (Database opened = Databases.open(new DatabaseUrl(database.url()));
        IndexBuilder builder = opened.indexBuilder()) {
      return builder.cost(spec);
    }
  }

  IndexState state(IndexSpec spec) {
    return look(spec).state();
  }

  IndexReport report(IndexSpec... declared) {
    try (Indexes indexes = Indexes.open(settings(declared), Clock.systemUTC())) {
      return indexes.report(List.of());
    }
  }

  IndexesDone apply(IndexSpec... declared) {
    return apply(NOW, WorkListener.NONE, declared);
  }

  IndexesDone apply(IndexRequest request, WorkListener listener, IndexSpec... declared) {
    try (Indexes indexes = Indexes.open(settings(declared), Clock.systemUTC())) {
      return indexes.apply(request, listener);
    }
  }

  /** The names of the indexes of a table that the schema does not need. */
  List<String> names(String table) {
    return switch (database.product()) {
      case SQLITE ->
          database.query(
              "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = '"
                  + table.replace("'", "''")
                  + "' ORDER BY 1");
      case POSTGRESQL ->
          database.query(
              "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN"
                  + " pg_class t ON t.oid = i.indrelid WHERE NOT i.indisprimary AND t.relname = '"
                  + table.replace("'", "''")
                  + "' ORDER BY c.relname COLLATE \"C\"");
    };
  }
}
