package io.tideline.core.run;

import io.tideline.archive.SegmentReader;
import io.tideline.catalogue.Key;
import io.tideline.core.archive.ArchiveFailure;
import io.tideline.core.archive.Manifest;
import io.tideline.core.archive.SealedRows;
import io.tideline.core.archive.SegmentFile;
import io.tideline.core.closure.Edge;
import io.tideline.core.closure.Forest;
import io.tideline.core.closure.Member;
import io.tideline.core.closure.RowOrder;
import io.tideline.core.closure.Shape;
import io.tideline.core.digest.RowDigest;
import io.tideline.core.work.RunContext;
import io.tideline.row.Row;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The archived rows of a sealed manifest, read from disk when they are needed. */
final class SealedCopies {
  private final RunContext context;
  private final Manifest manifest;

  SealedCopies(RunContext context, Manifest manifest) {
    this.context = context;
    this.manifest = manifest;
  }

  /** Keys and digests of the rows of each table of a shape, every digest compared. */
  List<Optional<SealedTable>> tables(Shape shape) {
    return shape.members().stream()
        .map(member -> segment(member).map(segment -> table(member.key(), segment)))
        .toList();
  }

  /** Keys and digests of the references that rows lose, over each edge of a shape. */
  List<Optional<SealedTable>> references(Shape shape) {
    List<Optional<SealedTable>> references = new ArrayList<>();
    shape.edges().forEach(edge -> references.add(Optional.empty()));
    for (int file = 0; file < manifest.detached().size(); file++) {
      Manifest.Segment segment = manifest.detached().get(file);
      edge(manifest, file, shape)
          .ifPresent(
              edge -> {
                references.set(edge, Optional.of(lost(shape.edges().get(edge), segment)));
              });
    }
    return references;
  }

  /** The number of the edge of a shape that a file of detached values is about. */
  static Optional<Integer> edge(Manifest manifest, int file, Shape shape) {
    return IntStream.range(0, shape.edges().size())
        .boxed()
        .filter(edge -> shape.edges().get(edge).effect() == Edge.Effect.DETACH)
        .filter(
            edge -> shape.edges().get(edge).described().equals(manifest.link(file).orElse(null)))
        .findFirst();
  }

  private Optional<Manifest.Segment> segment(Member member) {
    return manifest.segments().stream()
        .filter(segment -> segment.table().equals(member.table().name()))
        .findFirst();
  }

  /** Of what lost a reference, the first columns tell the row; others may have changed since. */
  private SealedTable lost(Edge edge, Manifest.Segment segment) {
    int width = Forest.Detached.columns(edge).size();
    RowDigest digest = new RowDigest();
    return table(
        edge.from().key().orElseThrow(),
        segment,
        row -> {
          digest.update(row, 0, width);
          return digest;
        });
  }

  private SealedTable table(Key named, Manifest.Segment segment) {
    return table(named, segment, null);
  }

  private SealedTable table(
      Key named, Manifest.Segment segment, @Nullable Function<Row, RowDigest> digests) {
    int[] at = positions(segment, named.columns());
    SealedRows rows = new SealedRows(at.length);
    Row key = new Row(at.length);
    new SegmentFile(
            context.archive().file(manifest, segment),
            segment,
            context.formats().named(segment.format()))
        .verify(
            (ordinal, row, digest) -> {
              pick(row, at, key);
              RowDigest own = digests == null ? digest : digests.apply(row);
              rows.add(key, own.high(), own.low());
            });
    return new SealedTable(rows);
  }

  /**
   * Reads columns of a table's rows, in the order of the segment; nothing if a column is not
   * archived.
   */
  void read(Member member, List<String> columns, RowOrder.Visitor visitor) {
    Optional<Manifest.Segment> found = segment(member);
    if (found.isEmpty()) {
      return;
    }
    Manifest.Segment segment = found.get();
    int[] at = positions(segment, columns);
    for (int each : at) {
      if (each < 0) {
        return;
      }
    }
    Path file = context.archive().file(manifest, segment);
    try (SegmentReader reader =
        context.formats().named(segment.format()).read(file, segment.schema())) {
      Row row = new Row(segment.columns().size());
      Row values = new Row(at.length);
      for (int position = 0; reader.next(row); position++) {
        pick(row, at, values);
        visitor.row(position, values);
      }
    } catch (IOException e) {
      throw ArchiveFailure.reading(file, e);
    }
  }

  private static int[] positions(Manifest.Segment segment, List<String> columns) {
    List<String> names = segment.columns().stream().map(each -> each.name()).toList();
    return columns.stream().mapToInt(names::indexOf).toArray();
  }

  private static void pick(Row row, int[] at, Row into) {
    for (int i = 0; i < at.length; i++) {
      into.set(i, row, at[i]);
    }
  }
}
