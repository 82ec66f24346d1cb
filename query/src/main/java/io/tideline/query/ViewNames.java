package io.tideline.query;

import io.tideline.archive.ArchiveView;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Under which names views and files are known to DuckDB. */
final class ViewNames {
  private static final Set<String> RESERVED =
      Set.of("main", "temp", "pg_catalog", "information_schema", Definitions.SCHEMA);

  private ViewNames() {}

  /** A view's name, and the schema and name within it where the table has a schema. */
  static List<String> of(ArchiveView view) {
    List<String> names = new ArrayList<>();
    names.add(Sql.quote(view.table()));
    int dot = view.table().indexOf('.');
    if (dot > 0 && dot < view.table().length() - 1) {
      String schema = view.table().substring(0, dot);
      if (!RESERVED.contains(schema.toLowerCase(Locale.ROOT))) {
        names.add(Sql.quote(schema) + "." + Sql.quote(view.table().substring(dot + 1)));
      }
    }
    return names;
  }

  /** The files of all views, as literals. */
  static List<String> files(List<ArchiveView> views) {
    return views.stream().flatMap(view -> view.segments().stream()).map(ViewNames::file).toList();
  }

  /** A segment's file, as a literal. */
  static String file(ArchiveView.Segment segment) {
    return Sql.literal(segment.file().toAbsolutePath().toString());
  }
}
