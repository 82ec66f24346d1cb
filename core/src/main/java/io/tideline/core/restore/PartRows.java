package io.tideline.core.restore;

import io.tideline.archive.SegmentReader;
import io.tideline.core.archive.ArchiveFailure;
import io.tideline.core.work.RunContext;
import io.tideline.row.Row;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;

/** The chosen rows of a segment, one after the other. */
final class PartRows implements AutoCloseable {
  private final Path file;
  private final BitSet chosen;
  private final SegmentReader reader;
  private final Row row;
  private int ordinal = -1;

  PartRows(RunContext context, Part part) {
    Chosen each = part.chosen();
    file = context.archive().file(each.manifest(), each.segment());
    chosen = each.rows();
    row = new Row(each.segment().columns().size());
    try {
      reader = context.formats().named(each.segment().format()).read(file, each.segment().schema());
    } catch (IOException e) {
      throw ArchiveFailure.reading(file, e);
    }
  }

  /** Goes to the next row, if there is one. */
  boolean next() {
    try {
      while (ordinal < chosen.length() - 1 && reader.next(row)) {
        ordinal++;
        if (chosen.get(ordinal)) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      throw ArchiveFailure.reading(file, e);
    }
  }

  int ordinal() {
    return ordinal;
  }

  /** The row, until the next. */
  Row row() {
    return row;
  }

  @Override
  public void close() {
    try {
      reader.close();
    } catch (IOException e) {
      throw ArchiveFailure.reading(file, e);
    }
  }
}
