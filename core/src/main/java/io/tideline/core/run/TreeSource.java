package io.tideline.core.run;

import io.tideline.core.archive.Manifest;
import io.tideline.core.archive.SealedRows;
import io.tideline.core.archive.SegmentColumns;
import io.tideline.core.archive.SegmentSealer;
import io.tideline.core.closure.Closure;
import io.tideline.core.closure.Edge;
import io.tideline.core.closure.Forest;
import io.tideline.core.closure.Member;
import io.tideline.core.closure.Shape;
import io.tideline.core.closure.TakenRoots;
import io.tideline.core.work.Draft;
import io.tideline.core.work.RunContext;
import io.tideline.core.work.SegmentPlace;
import io.tideline.dialect.Item;
import io.tideline.dialect.Reader;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import io.tideline.run.RunEvent;
import io.tideline.run.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds expired trees, a slice of roots at a time, and writes the rows that are archived to
 * segments, one for each table. How many roots a slice takes follows from how many rows they had.
 */
final class TreeSource implements Source<PendingChunk<TreeChunk>> {
  /** The rows of a chunk: its keys and digests are held until its trees are gone. */
  private static final int CHUNK = 60_000;

  private static final int SLICE = 10_000;
  private static final int FIRST_ROOTS = 8;
  private static final int MOST_ROOTS = 5_000;

  private final RunContext context;
  private final Shape shape;
  private final Walker walker;
  private final Reader reader;
  private final RuleRun run;
  private final IntSupplier numbers;
  private final TakenRoots taken = new TakenRoots();
  private int roots = FIRST_ROOTS;
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
  TreeSource(
      RunContext context,
      Shape shape,
      RuleRun run,
      Walker walker,
      Reader reader,
      IntSupplier numbers) {
    this.context = context;
    this.shape = shape;
    this.run = run;
    this.walker = walker;
    this.reader = reader;
    this.numbers = numbers;
  }

  @Override
  public Optional<PendingChunk<TreeChunk>> next() {
    while (!walker.ended() && rows < CHUNK && !context.stopping().get()) {
      slice();
    }
    if (trees.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(finish());
  }

  private void slice() {
    PackedRows keys = new PackedRows(shape.root().key().columns().size());
    walker.slice(
        row -> {
          Row key = walker.key();
          if (taken.add(key)) {
            keys.add(key, 0);
          }
          return keys.size() < roots;
        });
    if (keys.size() == 0) {
      return;
    }
    Forest forest = new Closure(shape, reader, Optional.of(taken)).of(keys);
    adapt(forest);
    for (int root = 0; root < forest.roots().size(); root++) {
      taken.add(forest.roots().key(root));
    }
    take(forest);
    context.listener().stepped(Step.SLICE_ARCHIVED);
  }

  private void adapt(Forest forest) {
    int found = Math.max(1, forest.roots().size());
    long each = Math.max(1, forest.rows() / found);
    roots = (int) Math.max(1, Math.min(Math.min(MOST_ROOTS, roots * 4L), SLICE / each));
  }

  private void take(Forest forest) {
    Map<Integer, PackedRows> keys = new HashMap<>();
    for (int root = 0; root < forest.roots().size(); root++) {
      int width = shape.root().key().columns().size();
      keys.computeIfAbsent(forest.tree(root), tree -> new PackedRows(width))
          .add(forest.roots().key(root), 0);
    }
    for (int tree : forest.going()) {
      trees.add(new TreeChunk.Tree(keys.getOrDefault(tree, new PackedRows(0)), forest.size(tree)));
      rows += forest.size(tree);
    }
    long archived = 0;
    for (Member member : shape.members()) {
      if (member.archived()) {
        archived += write(forest, member);
      }
    }
    forest.detached().forEach(this::write);
    context.listener().on(new RunEvent.Progressed(archived, 0));
  }

  /** Archives what a row refers to, whatever becomes of the rest: it will be NULL. */
  private void write(Forest.Detached row) {
    Segment segment = detached.computeIfAbsent(row.edge(), this::begin);
    segment.sealer().write(row.record());
    segment
        .copies()
        .rows()
        .add(row.key(), segment.sealer().digest().high(), segment.sealer().digest().low());
  }

  private Segment begin(Edge edge) {
    SegmentPlace place =
        SegmentPlace.of(
            edge.from(),
            Forest.Detached.columns(edge),
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

  private long write(Forest forest, Member member) {
    PackedRows keys = forest.keys(member, tree -> forest.stay(tree).isEmpty());
    if (keys.size() == 0) {
      return 0;
    }
    Segment segment = open.computeIfAbsent(member, this::begin);
    int width = keys.width();
    int before = segment.copies().rows().size();
    List<Item> items =
        SegmentColumns.of(member.table()).stream()
            .<Item>map(column -> new Item.OfColumn(column.name()))
            .toList();
    Row whole = new Row(items.size());
    SealedRows copies = segment.copies().rows();
    reader.lookUp(
        member.table(),
        keys,
        items,
        row -> {
          for (int i = 0; i < whole.width(); i++) {
            whole.set(i, row, width + i);
          }
          segment.sealer().write(whole);
          copies.add(
              row.slice(0, width),
              segment.sealer().digest().high(),
              segment.sealer().digest().low());
          return true;
        });
    if (member.number() == 0) {
      for (int root = 0; root < forest.roots().size(); root++) {
        if (forest.stay(forest.tree(root)).isEmpty()) {
          forest.roots().time(root).ifPresent(segment.sealer()::time);
        }
      }
    }
    return copies.size() - before;
  }

  private Segment begin(Member member) {
    SegmentPlace place =
        new SegmentPlace(
            member.table(), context.formats().named(run.plan().policy().format()), numbers);
    int width = member.key().columns().size();
    return new Segment(draft().add(place), new SealedTable(width));
  }

  private PendingChunk<TreeChunk> finish() {
    List<Optional<SealedTable>> copies = new ArrayList<>();
    for (Member member : shape.members()) {
      copies.add(Optional.ofNullable(open.get(member)).map(Segment::copies));
    }
    List<Optional<SealedTable>> references = new ArrayList<>();
    for (Edge edge : shape.edges()) {
      references.add(Optional.ofNullable(detached.get(edge)).map(Segment::copies));
    }
    PendingTrees pending =
        new PendingTrees(
            Optional.ofNullable(draft),
            List.copyOf(trees),
            copies,
            references,
            shape.described(detached.keySet()));
    if (draft != null) {
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
  private final class PendingTrees implements PendingChunk<TreeChunk> {
    private final Optional<Draft> written;
    private final List<TreeChunk.Tree> roots;
    private final List<Optional<SealedTable>> copies;
    private final List<Optional<SealedTable>> references;
    private final Manifest.Tree tree;

    PendingTrees(
        Optional<Draft> written,
        List<TreeChunk.Tree> roots,
        List<Optional<SealedTable>> copies,
        List<Optional<SealedTable>> references,
        Manifest.Tree tree) {
      this.references = references;
      this.tree = tree;
      this.written = written;
      this.roots = roots;
      this.copies = copies;
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
          roots,
          copies,
          references,
          run.catalogueVersion());
    }
  }

  @Override
  public void close() {
    try (reader;
        Draft unfinished = draft) {
      draft = null;
    }
  }
}
