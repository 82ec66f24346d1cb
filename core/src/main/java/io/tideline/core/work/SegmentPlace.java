package io.tideline.core.work;

import io.tideline.archive.SegmentColumn;
import io.tideline.archive.SegmentFormat;
import io.tideline.catalogue.Table;
import io.tideline.core.archive.Manifest;
import io.tideline.core.archive.SegmentColumns;
import io.tideline.core.archive.SegmentSealer;
import io.tideline.dialect.Item;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntSupplier;

/** Opens segments of whole rows of one table, one manifest each. */
public final class SegmentPlace {
  private static final int LONGEST_NAME = 60;

  private final Table table;
  private final List<SegmentColumn> columns;
  private final boolean hiddenKey;
  private final SegmentFormat format;
  private final IntSupplier numbers;

  /**
   * @param numbers gives each segment its number within the run
   */
  public SegmentPlace(Table table, SegmentFormat format, IntSupplier numbers) {
    this(table, SegmentColumns.of(table), table.key().orElseThrow().hidden(), format, numbers);
  }

  private SegmentPlace(
      Table table,
      List<SegmentColumn> columns,
      boolean hiddenKey,
      SegmentFormat format,
      IntSupplier numbers) {
    this.table = table;
    this.columns = columns;
    this.hiddenKey = hiddenKey;
    this.format = format;
    this.numbers = numbers;
  }

  /** A place for some columns of rows, all of which a digest covers. */
  public static SegmentPlace of(
      Table table, List<String> names, SegmentFormat format, IntSupplier numbers) {
    List<SegmentColumn> columns =
        names.stream()
            .map(
                name ->
                    SegmentColumns.of(table).stream()
                        .filter(column -> column.name().equals(name))
                        .findFirst()
                        .orElseThrow())
            .toList();
    return new SegmentPlace(table, columns, false, format, numbers);
  }

  /** What is read of a row for a segment, the hidden key first. */
  public List<Item> items() {
    return SegmentColumns.of(table).stream()
        .map(SegmentColumn::name)
        .<Item>map(Item.OfColumn::new)
        .toList();
  }

  /** The first value of a row that its digest covers. */
  public int digestFrom() {
    return table.key().orElseThrow().hidden() ? 1 : 0;
  }

  /** Begins a segment of a manifest of its own. */
  public Draft open(RunContext context) {
    Draft draft = new Draft(context, numbers.getAsInt());
    draft.add(this);
    return draft;
  }

  /**
   * Begins a segment.
   *
   * @param number the manifest's number within the run
   * @param part the segment's number within the manifest, from 0
   */
  SegmentSealer open(RunContext context, int number, int part) {
    Path folder = context.archive().runFolder(context.run());
    context.archive().createRunFolder(context.run());
    String safe = table.name().name().replaceAll("[^A-Za-z0-9_-]", "_");
    String name =
        Manifest.numberText(number)
            + "-"
            + (part == 0 ? "" : part + "-")
            + safe.substring(0, Math.min(LONGEST_NAME, safe.length()))
            + "."
            + format.extension();
    return new SegmentSealer(
        folder.resolve(name),
        table,
        columns,
        hiddenKey,
        format,
        context.archive().storage(),
        context.listener());
  }
}
