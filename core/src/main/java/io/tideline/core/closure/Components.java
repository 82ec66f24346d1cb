package io.tideline.core.closure;

import java.util.Arrays;
import java.util.List;

/**
 * The strongly connected components of a directed graph, found by Tarjan's algorithm without
 * recursion: a chain of references may be as long as a table.
 *
 * @see <a href="https://doi.org/10.1137/0201010">Depth-first search and linear graph algorithms</a>
 */
public final class Components {
  private final List<int[]> edges;
  private final int[] index;
  private final int[] low;
  private final int[] component;
  private final int[] stack;
  private final int[] path;
  private final int[] next;
  private int visited;
  private int held;
  private int count;

  private Components(List<int[]> edges) {
    int size = edges.size();
    this.edges = edges;
    this.index = new int[size];
    this.low = new int[size];
    this.component = new int[size];
    this.stack = new int[size];
    this.path = new int[size];
    this.next = new int[size];
    Arrays.fill(component, -1);
  }

  /**
   * The component of each node. A component's number is greater than that of every other one that
   * its edges lead to.
   *
   * @param edges the nodes that each node leads to
   */
  public static int[] of(List<int[]> edges) {
    Components components = new Components(edges);
    for (int node = 0; node < edges.size(); node++) {
      if (components.index[node] == 0) {
        components.visit(node);
      }
    }
    return components.component;
  }

  private void visit(int start) {
    int depth = 0;
    path[0] = start;
    enter(start);
    while (depth >= 0) {
      int node = path[depth];
      int[] to = edges.get(node);
      if (next[node] < to.length) {
        int other = to[next[node]++];
        if (index[other] == 0) {
          path[++depth] = other;
          enter(other);
        } else if (component[other] < 0) {
          low[node] = Math.min(low[node], index[other]);
        }
      } else {
        leave(node);
        depth--;
        if (depth >= 0) {
          low[path[depth]] = Math.min(low[path[depth]], low[node]);
        }
      }
    }
  }

  private void enter(int node) {
    index[node] = ++visited;
    low[node] = visited;
    stack[held++] = node;
  }

  private void leave(int node) {
    if (low[node] == index[node]) {
      int member;
      do {
        member = stack[--held];
        component[member] = count;
      } while (member != node);
      count++;
    }
  }
}
