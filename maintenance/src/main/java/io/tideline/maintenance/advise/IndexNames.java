package io.tideline.maintenance.advise;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.TableName;
import io.tideline.tuning.IndexColumn;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Names for indexes that nothing in the database has. */
final class IndexNames {
  /** PostgreSQL cuts longer ones. */
  private static final int BYTES = 63;

  private final Set<String> taken = new HashSet<>();

  IndexNames(Catalogue catalogue) {
    catalogue
        .tables()
        .forEach(
            table -> {
              taken.add(QueryReading.fold(table.name().name()));
              table.indexes().forEach(index -> taken.add(QueryReading.fold(index.name())));
            });
  }

  /** Whether something has the name. */
  boolean taken(String name) {
    return taken.contains(QueryReading.fold(name));
  }

  /** Keeps a name for an index. */
  void take(String name) {
    taken.add(QueryReading.fold(name));
  }

  /** A name made of those of table and columns. */
  String of(TableName table, List<IndexColumn> columns) {
    StringBuilder wanted = new StringBuilder("ix_").append(word(table.name()));
    columns.forEach(each -> wanted.append('_').append(word(each.column() + each.expression())));
    String name = cut(wanted.toString(), BYTES);
    for (int i = 2; taken(name); i++) {
      name = cut(wanted.toString(), BYTES - 4) + "_" + i;
    }
    return name;
  }

  private static String word(String name) {
    return name.replaceAll("[^\\p{L}\\p{N}_]+", "_").replaceAll("^_+|_+$", "");
  }

  private static String cut(String name, int bytes) {
    String cut = name;
    while (cut.getBytes(StandardCharsets.UTF_8).length > bytes) {
      cut = cut.substring(0, cut.offsetByCodePoints(cut.length(), -1));
    }
    return cut;
  }
}
