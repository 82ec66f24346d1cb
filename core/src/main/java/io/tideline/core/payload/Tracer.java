package io.tideline.core.payload;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.Key;
import io.tideline.catalogue.Table;
import io.tideline.dialect.Item;
import io.tideline.dialect.Reader;
import io.tideline.row.CanonicalBuffer;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Follows rows over foreign keys to their roots, a set of rows at a time: each hop is one look-up
 * of all keys, each row on the way is looked at once. Cycles and chains of any depth end.
 */
final class Tracer {
  /** More rows than this on the way of one set: those beyond are taken to hold. */
  private static final int MOST = 500_000;

  private final Catalogue catalogue;
  private final Ways ways;
  private final RootJudge judge;
  private final Reader reader;

  Tracer(Catalogue catalogue, Ways ways, RootJudge judge, Reader reader) {
    this.catalogue = catalogue;
    this.ways = ways;
    this.judge = judge;
    this.reader = reader;
  }

  /** A row on the way. */
  static final class Node {
    private final Row key;
    private final List<Node> from = new ArrayList<>(1);
    private boolean found;
    private boolean holds;
    private boolean rooted;

    private Node(Row key) {
      this.key = key;
    }

    /** Whether its references hold: a root of it does, or none was reached, or a way broke off. */
    boolean holds() {
      return holds || !rooted;
    }

    /** Whether it leads to a root. */
    boolean rooted() {
      return rooted;
    }
  }

  /** A table, looked up by some unique columns. */
  private record Place(Table table, List<String> columns) {}

  /** One set of rows under way. */
  private final class Walk {
    private final Map<Place, Map<ByteBuffer, Node>> known = new HashMap<>();
    private final Map<Place, List<Node>> open = new HashMap<>();
    private final Deque<Node> holding = new ArrayDeque<>();
    private final Deque<Node> rooted = new ArrayDeque<>();
    private final Consumer<ByteBuffer> roots;
    private int size;

    Walk(Consumer<ByteBuffer> roots) {
      this.roots = roots;
    }

    void follow(Node node, List<Edge> edges, Row row, int from) {
      int at = from;
      for (Edge edge : edges) {
        Row key = row.slice(at, at + edge.columns().size());
        at += edge.columns().size();
        if (!key.hasNull()) {
          step(node, edge, key);
        }
      }
    }

    private void step(Node node, Edge edge, Row key) {
      Place place = new Place(catalogue.table(edge.to()).orElseThrow(), edge.toColumns());
      Map<ByteBuffer, Node> there = known.computeIfAbsent(place, p -> new HashMap<>());
      ByteBuffer canonical = CanonicalBuffer.of(key);
      Node next = there.get(canonical);
      if (next == null) {
        if (size++ >= MOST) {
          holding.add(node);
          return;
        }
        next = new Node(key);
        there.put(canonical, next);
        open.computeIfAbsent(place, p -> new ArrayList<>()).add(next);
      }
      next.from.add(node);
    }

    void run() {
      while (!open.isEmpty()) {
        Place place = open.keySet().iterator().next();
        List<Node> nodes = open.remove(place);
        if (nodes != null) {
          lookUp(place, nodes);
        }
      }
      spread(holding, true);
      spread(rooted, false);
    }

    private void lookUp(Place place, List<Node> nodes) {
      int width = place.columns().size();
      PackedRows keys = new PackedRows(width);
      nodes.forEach(node -> keys.add(node.key, 0));
      boolean root = place.table().name().equals(ways.root().name());
      List<Edge> edges = root ? List.of() : ways.from(place.table());
      Map<ByteBuffer, Node> there = known.getOrDefault(place, Map.of());
      reader.lookUp(
          keyed(place),
          keys,
          root ? judge.items() : items(edges),
          row -> {
            Node node = there.get(CanonicalBuffer.of(row.slice(0, width)));
            if (node != null) {
              node.found = true;
              if (root) {
                reached(node, row, width);
              } else {
                follow(node, edges, row, width);
              }
            }
            return true;
          });
      nodes.stream().filter(node -> !node.found).forEach(holding::add);
    }

    private void reached(Node node, Row row, int from) {
      rooted.add(node);
      ByteBuffer key = judge.key(row, from);
      roots.accept(key);
      if (!judge.released(row, from, key)) {
        holding.add(node);
      }
    }

    private void spread(Deque<Node> queue, boolean holds) {
      for (Node node = queue.poll(); node != null; node = queue.poll()) {
        if (holds ? !node.holds : !node.rooted) {
          node.holds |= holds;
          node.rooted |= !holds;
          queue.addAll(node.from);
        }
      }
    }
  }

  /**
   * Follows rows to their roots.
   *
   * @param edges the relations that lead on from their table
   * @param rows the values of the columns of the edges, one edge after another
   * @param from where in each row these begin
   * @param roots hears the key of each root that is reached
   * @return one node for each row, in order
   */
  List<Node> trace(List<Edge> edges, PackedRows rows, int from, Consumer<ByteBuffer> roots) {
    Walk walk = new Walk(roots);
    List<Node> origins = new ArrayList<>(rows.size());
    Row row = new Row(rows.width());
    for (int i = 0; i < rows.size(); i++) {
      rows.get(i, row);
      Node origin = new Node(row);
      origins.add(origin);
      walk.follow(origin, edges, row, from);
    }
    walk.run();
    return origins;
  }

  /** What must be read of a row to follow it. */
  static List<Item> items(List<Edge> edges) {
    List<Item> items = new ArrayList<>();
    edges.forEach(edge -> edge.columns().forEach(name -> items.add(new Item.OfColumn(name))));
    return items;
  }

  private static Table keyed(Place place) {
    boolean own =
        place.table().key().map(key -> key.columns().equals(place.columns())).orElse(false);
    return own ? place.table() : place.table().withKey(new Key(place.columns(), Key.Kind.UNIQUE));
  }
}
