package io.tideline.core.run;

import io.tideline.core.archive.Manifest;
import io.tideline.core.archive.SegmentColumns;
import io.tideline.core.archive.SegmentSealer;
import io.tideline.core.closure.Edge;
import io.tideline.core.closure.Forest;
import io.tideline.core.closure.Member;
import io.tideline.core.closure.Shape;
import io.tideline.core.digest.RowDigest;
import io.tideline.core.work.Draft;
import io.tideline.core.work.RunContext;
import io.tideline.core.work.SegmentPlace;
import io.tideline.dialect.Item;
import io.tideline.dialect.Reader;
import io.tideline.dialect.ReferringRows;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Writes the rows of trees that are archived to the segments of a chunk, one for each table. */
final class TreeSegments implements AutoCloseable {
  /** So many rows are read in one snapshot. */
  private static final int KEYS = 20_000;

  private final RunContext context;
  private final Shape shape;
  private final RuleRun run;
  private final Reader reader;
  private final IntSupplier numbers;
  private final RowDigest digest = new RowDigest();
  private @Nullable Draft draft;
  private Map<Member, Segment> open = new LinkedHashMap<>();
  private Map<Edge, Segment> detached = new LinkedHashMap<>();
  private List<TreeChunk.Tree> trees = new ArrayList<>();
  private int rows;

  /** A segment being written. */
  private record Segment(SegmentSealer sealer, SealedTable copies) {}

  /**
   * @param shape the tables; its rows need not be read whole
   * @param numbers gives each manifest its number within the run
   */
  TreeSegments(RunContext context, Shape shape, RuleRun run, Reader reader, IntSupplier numbers) {
    this.context = context;
    this.shape = shape;
    this.run = run;
    this.reader = reader;
    this.numbers = numbers;
  }

  /** Whether there is no tree in the chunk. */
  boolean isEmpty() {
    return trees.isEmpty();
  }

  /** The rows of the chunk's trees. */
  int rows() {
    return rows;
  }

  /**
   * Adds trees.
   *
   * @param chosen those of the forest that go now
   * @param stepwise whether it is one that goes stepwise: nothing is remembered of its rows
   * @return the number of rows archived
   */
  long write(Forest forest, BitSet chosen, boolean stepwise) {
    Map<Integer, PackedRows> keys = new HashMap<>();
    for (int root = 0; root < forest.roots().size(); root++) {
      int width = shape.root().key().columns().size();
      keys.computeIfAbsent(forest.tree(root), tree -> new PackedRows(width))
          .add(forest.roots().key(root), 0);
    }
    for (int tree : forest.going()) {
      if (chosen.get(tree)) {
        trees.add(
            new TreeChunk.Tree(keys.getOrDefault(tree, new PackedRows(0)), forest.size(tree)));
        rows += forest.size(tree);
      }
    }
    long archived = 0;
    for (Member member : shape.members()) {
      if (member.archived()) {
        archived += write(forest, member, chosen, stepwise);
      }
    }
    forest.detached().stream()
        .filter(each -> chosen.get(forest.tree(each.root())))
        .forEach(each -> write(each, stepwise));
    return archived;
  }

  /** Archives what a row refers to, whatever becomes of the rest: it will be NULL. */
  private void write(Forest.Detached row, boolean stepwise) {
    Segment segment = detached.computeIfAbsent(row.edge(), this::begin);
    segment.sealer().write(row.archived());
    if (!stepwise) {
      digest.update(row.record(), 0, row.record().width());
      segment.copies().rows().add(row.key(), digest.high(), digest.low());
    }
  }

  private Segment begin(Edge edge) {
    SegmentPlace place =
        SegmentPlace.of(
            edge.from(),
            Forest.Detached.archived(edge),
            context.formats().named(run.plan().policy().format()),
            numbers);
    int width = edge.from().key().orElseThrow().columns().size();
    return new Segment(draft().addDetached(place), new SealedTable(width));
  }

  private Draft draft() {
    Draft to = draft == null ? new Draft(context, numbers.getAsInt()) : draft;
    draft = to;
    return to;
  }

  private long write(Forest forest, Member member, BitSet chosen, boolean stepwise) {
    if (forest.count(member, chosen::get) == 0) {
      return 0;
    }
    Segment segment = open.computeIfAbsent(member, this::begin);
    Copier copier = new Copier(segment, member, stepwise);
    shape
        .leaf(member)
        .ifPresentOrElse(
            leaf -> copyLeaves(forest.referred(leaf, chosen::get), leaf, member, copier),
            () -> copy(forest.keys(member, chosen::get), member, copier));
    if (member.number() == 0) {
      for (int root = 0; root < forest.roots().size(); root++) {
        if (chosen.get(forest.tree(root))) {
          forest.roots().time(root).ifPresent(segment.sealer()::time);
        }
      }
    }
    return copier.rows;
  }

  private void copy(PackedRows keys, Member member, Copier copier) {
    List<Item> columns = columns(SegmentColumns.of(member.table()).stream().map(c -> c.name()));
    int key = keys.width();
    for (int from = 0; from < keys.size(); from += KEYS) {
      reader.lookUp(member.table(), stretch(keys, from), columns, row -> copier.copy(row, key, 0));
    }
  }

  /**
   * A row that its own size keeps is left out: its tree is seen to stay when it is to be removed.
   */
  private void copyLeaves(PackedRows referred, Edge leaf, Member member, Copier copier) {
    List<String> names = new ArrayList<>(member.key().columns());
    SegmentColumns.of(member.table()).forEach(column -> names.add(column.name()));
    List<Item> items = columns(names.stream());
    int key = member.key().columns().size();
    for (int from = 0; from < referred.size(); from += KEYS) {
      reader.referring(
          new ReferringRows(leaf.key(), leaf.from(), stretch(referred, from), member.conditions()),
          items,
          row -> copier.copy(row, 1 + key, 1));
    }
  }

  private static List<Item> columns(Stream<String> names) {
    return names.<Item>map(Item.OfColumn::new).toList();
  }

  /** Writes rows of one table to its segment. */
  private static final class Copier {
    private final Segment segment;
    private final boolean stepwise;
    private final Row whole;
    private final int key;
    private long rows;

    Copier(Segment segment, Member member, boolean stepwise) {
      this.segment = segment;
      this.stepwise = stepwise;
      this.whole = new Row(SegmentColumns.of(member.table()).size());
      this.key = member.key().columns().size();
    }

    /**
     * Writes a row.
     *
     * @param from where its columns begin
     * @param keyFrom where its key begins
     */
    boolean copy(Row row, int from, int keyFrom) {
      for (int i = 0; i < whole.width(); i++) {
        whole.set(i, row, from + i);
      }
      segment.sealer().write(whole);
      rows++;
      if (!stepwise) {
        segment
            .copies()
            .rows()
            .add(
                row.slice(keyFrom, keyFrom + key),
                segment.sealer().digest().high(),
                segment.sealer().digest().low());
      }
      return true;
    }
  }

  private static PackedRows stretch(PackedRows keys, int from) {
    PackedRows some = new PackedRows(keys.width());
    Row key = new Row(keys.width());
    for (int i = from; i < Math.min(keys.size(), from + KEYS); i++) {
      keys.get(i, key);
      some.add(key, 0);
    }
    return some;
  }

  private Segment begin(Member member) {
    SegmentPlace place =
        new SegmentPlace(
            member.table(), context.formats().named(run.plan().policy().format()), numbers);
    int width = member.key().columns().size();
    return new Segment(draft().add(place), new SealedTable(width));
  }

  /** Completes the chunk's files; the next chunk begins. */
  PendingChunk<TreeChunk> finish(boolean stepwise) {
    List<Optional<SealedTable>> copies = new ArrayList<>();
    for (Member member : shape.members()) {
      copies.add(Optional.ofNullable(open.get(member)).map(Segment::copies));
    }
    List<Optional<SealedTable>> references = new ArrayList<>();
    for (Edge edge : shape.edges()) {
      references.add(Optional.ofNullable(detached.get(edge)).map(Segment::copies));
    }
    Pending pending =
        new Pending(
            Optional.ofNullable(draft),
            new TreeChunk(
                Optional.empty(),
                List.copyOf(trees),
                copies,
                references,
                run.catalogueVersion(),
                stepwise),
            shape.described(detached.keySet()));
    if (draft != null) {
      if (stepwise) {
        draft.stepwise();
      }
      draft.finish(
          open.keySet().stream().findFirst().filter(first -> first.number() == 0).isPresent()
              ? run.rule().time()
              : Optional.empty());
    }
    draft = null;
    open = new LinkedHashMap<>();
    detached = new LinkedHashMap<>();
    trees = new ArrayList<>();
    rows = 0;
    return pending;
  }

  /** Trees whose archived rows lie in finished segments. */
  private final class Pending implements PendingChunk<TreeChunk> {
    private final Optional<Draft> written;
    private final TreeChunk chunk;
    private final Manifest.Tree tree;

    Pending(Optional<Draft> written, TreeChunk chunk, Manifest.Tree tree) {
      this.written = written;
      this.chunk = chunk;
      this.tree = tree;
    }

    @Override
    public void verify() {
      written.ifPresent(Draft::verify);
    }

    @Override
    public TreeChunk seal() {
      return new TreeChunk(
          written.map(
              each ->
                  each.seal(
                      run.rule().policy().name(),
                      run.rule().cutoff(),
                      run.catalogueVersion(),
                      Optional.of(tree))),
          chunk.trees(),
          chunk.copies(),
          chunk.detached(),
          chunk.catalogueVersion(),
          chunk.stepwise());
    }
  }

  @Override
  public void close() {
    try (Draft unfinished = draft) {
      draft = null;
    }
  }
}
