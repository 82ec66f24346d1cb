package io.tideline.core.restore;

import io.tideline.core.archive.Manifest;
import io.tideline.core.work.RunId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Which rows are ordered together. Rows refer to rows that went with them or later, for nothing
 * went that was referred to: the newest runs come first. What went together may have been archived
 * and moved: of a run that moved rows all come at once, unless they are too many; what is cut apart
 * then comes with another try.
 */
final class Loads {
  /** Above as many rows the rest is ordered by itself. */
  private static final int AT_ONCE = 200_000;

  /** Above as many rows even what one run moved is cut. */
  private static final int MOST = 1_000_000;

  private final NavigableMap<String, OfRun> runs = new TreeMap<>();
  private final Map<String, List<Member>> moved = new TreeMap<>();

  /** What became of rows in one run. */
  private static final class OfRun {
    private final Map<String, List<Member>> manifests = new TreeMap<>(Comparator.reverseOrder());
    private final List<Member> moved = new ArrayList<>();

    /** The members, the newest first, in lists that stay whole. */
    List<List<Member>> lists() {
      List<List<Member>> sealed = List.copyOf(manifests.values());
      if (moved.isEmpty()) {
        return sealed;
      }
      long rows = sealed.stream().mapToLong(Loads::size).sum() + size(moved);
      int shares = (int) (rows / MOST + 1);
      List<List<Member>> lists = new ArrayList<>();
      for (int i = 0; i < shares; i++) {
        lists.add(new ArrayList<>());
      }
      for (int i = 0; i < sealed.size(); i++) {
        lists.get((int) ((long) i * shares / sealed.size())).addAll(sealed.get(i));
      }
      for (Member member : moved) {
        List<Member> split = member.split(shares);
        for (int i = 0; i < shares; i++) {
          lists.get(i).add(split.get(i));
        }
      }
      return lists;
    }
  }

  /** Adds rows of a manifest. */
  void add(Manifest manifest, Member member) {
    runs.computeIfAbsent(manifest.run(), run -> new OfRun())
        .manifests
        .computeIfAbsent(manifest.name(), name -> new ArrayList<>())
        .add(member);
  }

  /** Adds rows that a run moved which read the clock at an instant, when it began or before. */
  void add(Instant at, Member member) {
    moved.computeIfAbsent(RunId.first(at), run -> new ArrayList<>()).add(member);
  }

  private static long size(List<Member> members) {
    return members.stream().mapToLong(Member::size).sum();
  }

  /** What is ordered together, in the order in which it comes. */
  List<List<Member>> cut() {
    NavigableMap<String, OfRun> all = new TreeMap<>(runs);
    moved.forEach(
        (first, members) -> {
          String run = runs.ceilingKey(first);
          all.computeIfAbsent(run == null ? first : run, r -> new OfRun()).moved.addAll(members);
        });
    List<List<Member>> loads = new ArrayList<>();
    List<Member> load = new ArrayList<>();
    for (OfRun run : all.descendingMap().values()) {
      for (List<Member> list : run.lists()) {
        load.addAll(list);
        if (size(load) >= AT_ONCE) {
          loads.add(load);
          load = new ArrayList<>();
        }
      }
    }
    loads.add(load);
    return loads;
  }
}
