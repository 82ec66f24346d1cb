package io.tideline.core.restore;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.ForeignKey;
import io.tideline.catalogue.Key;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.core.archive.Manifest;
import io.tideline.core.rule.HumanKey;
import io.tideline.core.work.RunContext;
import io.tideline.dialect.Reader;
import io.tideline.dialect.RefusedException;
import io.tideline.error.TidelineException;
import io.tideline.row.CanonicalBuffer;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tells of refused rows which rows that they refer to are not live, and how these come back. */
final class MissingParents {
  /** The refused rows of a segment that are looked at. */
  private static final int MOST = 1_000;

  private static final int EXAMPLES = 3;

  private final RunContext context;
  private final Catalogue catalogue;

  MissingParents(RunContext context, Catalogue catalogue) {
    this.context = context;
    this.catalogue = catalogue;
  }

  /**
   * A sentence for each foreign key over which refused rows refer to rows that are not live.
   *
   * @param parts the refused rows of a table
   * @param restored the tables that the restore brings back
   */
  List<String> notes(Table table, List<Part> parts, List<Table> restored) {
    List<String> notes = new ArrayList<>();
    for (ForeignKey key : table.references()) {
      Optional<Table> parent = catalogue.table(key.to());
      List<Row> missing = parent.map(to -> found(key, to, parts)).orElse(List.of());
      if (!missing.isEmpty()) {
        notes.add(note(key, parent.orElseThrow(), missing, root(parts), restored));
      }
    }
    return notes;
  }

  private static Optional<TableName> root(List<Part> parts) {
    return parts.stream()
        .flatMap(part -> part.chosen().manifest().trees().stream())
        .map(Manifest.Tree::root)
        .findFirst();
  }

  private static String note(
      ForeignKey key,
      Table parent,
      List<Row> missing,
      Optional<TableName> root,
      List<Table> restored) {
    List<String> examples =
        missing.stream()
            .limit(EXAMPLES)
            .map(row -> HumanKey.text(parent, key.toColumns(), row))
            .toList();
    boolean chosen = restored.stream().anyMatch(each -> each.name().equals(parent.name()));
    List<String> ways = new ArrayList<>();
    if (!chosen) {
      ways.add("--table " + parent.name() + " as well");
    }
    root.ifPresent(name -> ways.add("--tree " + name + "/KEY for the whole tree of that root"));
    return "Refused rows of "
        + key.from()
        + " refer over "
        + key.display()
        + " to rows of "
        + parent.name()
        + " that are not live: "
        + String.join("; ", examples)
        + (missing.size() > EXAMPLES ? "; …" : "")
        + ". Restore those first"
        + (ways.isEmpty() ? "." : ": give " + String.join(", or ", ways) + ".");
  }

  /** A hint is no reason for a restore to fail: values may be of a type that cannot be sought. */
  private List<Row> found(ForeignKey key, Table parent, List<Part> parts) {
    try {
      return missing(key, parent, parts);
    } catch (TidelineException | RefusedException e) {
      return List.of();
    }
  }

  private List<Row> missing(ForeignKey key, Table parent, List<Part> parts) {
    Map<ByteBuffer, Row> wanted = new LinkedHashMap<>();
    for (Part part : parts) {
      Mapping mapping = part.mapping();
      if (mapping.columns().containsAll(key.columns())) {
        part.withRows(first(part.chosen().rows()))
            .read(
                context,
                (ordinal, archived) -> {
                  Row values = mapping.values(mapping.pick(archived), key.columns());
                  if (!values.hasNull()) {
                    wanted.put(CanonicalBuffer.of(values), values);
                  }
                });
      }
    }
    PackedRows keys = new PackedRows(key.columns().size());
    wanted.values().forEach(row -> keys.add(row, 0));
    try (Reader reader = context.database().openReader()) {
      reader.lookUp(
          parent.withKey(new Key(key.toColumns(), Key.Kind.UNIQUE)),
          keys,
          List.of(),
          row -> {
            wanted.remove(CanonicalBuffer.of(row));
            return true;
          });
    }
    return List.copyOf(wanted.values());
  }

  private static BitSet first(BitSet rows) {
    BitSet some = new BitSet();
    rows.stream().limit(MOST).forEach(some::set);
    return some;
  }
}
