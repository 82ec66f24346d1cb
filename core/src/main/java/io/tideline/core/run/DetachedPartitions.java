package io.tideline.core.run;

import io.tideline.archive.SegmentColumn;
import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.Partition;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.core.archive.Manifest;
import io.tideline.core.archive.SegmentColumns;
import io.tideline.core.archive.SegmentFile;
import io.tideline.core.digest.DigestSum;
import io.tideline.core.rule.TableRules;
import io.tideline.core.rule.WalkOrder;
import io.tideline.core.work.Pacer;
import io.tideline.core.work.RunContext;
import io.tideline.dialect.Partitions;
import io.tideline.dialect.Partitions.Place;
import io.tideline.dialect.Writer;
import io.tideline.plan.Reason;
import io.tideline.policy.Selection;
import io.tideline.run.RunEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finishes what an interrupted run began with whole partitions: one that is found detached is
 * compared with the archive and dropped, or attached again. Manifests of partitions found anywhere
 * else are left to be settled row by row.
 */
final class DetachedPartitions {
  private final RunContext context;
  private final Writer writer;
  private final Partitions partitions;
  private final RuleSource source;
  private final Selection selection;
  private final Pacer pacer;

  DetachedPartitions(
      RunContext context,
      Writer writer,
      Partitions partitions,
      RuleSource source,
      Selection selection,
      Pacer pacer) {
    this.context = context;
    this.writer = writer;
    this.partitions = partitions;
    this.source = source;
    this.selection = selection;
    this.pacer = pacer;
  }

  /** What was settled so. */
  record Settled(int closed, long rows) {}

  /** Settles the partitions that manifests in doubt name. */
  Settled settle(List<Manifest> inDoubt) {
    Map<Partition, List<Manifest>> byPartition = new LinkedHashMap<>();
    for (Manifest manifest : inDoubt) {
      manifest
          .partition()
          .ifPresent(p -> byPartition.computeIfAbsent(p, x -> new ArrayList<>()).add(manifest));
    }
    int closed = 0;
    long rows = 0;
    for (Map.Entry<Partition, List<Manifest>> each : byPartition.entrySet()) {
      PartitionDrop.Result result = settle(each.getKey(), each.getValue());
      if (result.gone()) {
        closed += each.getValue().size();
        rows += result.rows();
      }
    }
    return new Settled(closed, rows);
  }

  private PartitionDrop.Result settle(Partition partition, List<Manifest> manifests) {
    TableName name = manifests.get(0).segments().get(0).table();
    Detachment detachment = new Detachment(context, partitions, pacer, name, partition);
    if (partitions.place(name, partition) == Place.DETACHING) {
      detachment.detach();
    }
    if (partitions.place(name, partition) != Place.DETACHED) {
      return new PartitionDrop.Result(0, "it is not detached");
    }
    context.listener().on(new RunEvent.Began("finish " + partition.name(), rows(manifests)));
    PartitionDrop.Result result = drop(partition, manifests, context.database().catalogue());
    if (!result.gone()) {
      detachment.attach(result.stays());
      return result;
    }
    Closing closing = new Closing(context, writer, pacer);
    manifests.forEach(manifest -> closing.close(manifest, new Fates()));
    context.listener().on(new RunEvent.Progressed(0, result.rows()));
    return result;
  }

  private static long rows(List<Manifest> manifests) {
    return manifests.stream()
        .flatMap(manifest -> manifest.segments().stream())
        .mapToLong(Manifest.Segment::rows)
        .sum();
  }

  private PartitionDrop.Result drop(
      Partition partition, List<Manifest> manifests, Catalogue catalogue) {
    String holds = source.holdsDigest();
    Optional<Table> table = catalogue.table(manifests.get(0).segments().get(0).table());
    Optional<RuleSource.Acting> acting =
        table
            .filter(each -> manifests.stream().allMatch(manifest -> sameColumns(each, manifest)))
            .flatMap(each -> acting(catalogue, each, manifests));
    if (acting.isEmpty()) {
      return new PartitionDrop.Result(0, "its policy does not take it any more");
    }
    TableRules rules = acting.get().rules();
    RulesNow now =
        new RulesNow(
            rules,
            Optional.of(acting.get().rule()),
            catalogue.version(),
            holds,
            source::holdsDigest,
            () -> source.withPresentHolds(catalogue, rules),
            Reason.POLICY_OFF);
    Layout layout =
        Layout.whole(rules, Optional.of(acting.get().rule()), WalkOrder.byKey(rules.table()));
    return new PartitionDrop(context, partitions, now, layout, pacer, partition)
        .drop(Optional.of(sum(manifests)));
  }

  /** The rule that would still take the partition whole, of all manifests the same. */
  private Optional<RuleSource.Acting> acting(
      Catalogue catalogue, Table table, List<Manifest> manifests) {
    Manifest first = manifests.get(0);
    boolean one =
        manifests.stream()
            .allMatch(
                each ->
                    each.policy().equals(first.policy()) && each.cutoff().equals(first.cutoff()));
    if (!one || first.cutoff().isEmpty()) {
      return Optional.empty();
    }
    return source
        .present(catalogue, table, first.policy(), selection)
        .map(each -> each.earlier(first.cutoff().get()))
        .filter(each -> source.takesPartitions(catalogue, each));
  }

  private static boolean sameColumns(Table table, Manifest manifest) {
    List<String> present = names(SegmentColumns.of(table));
    return manifest.segments().stream().allMatch(each -> names(each.columns()).equals(present));
  }

  private static List<String> names(List<SegmentColumn> columns) {
    return columns.stream().map(SegmentColumn::name).toList();
  }

  /** The archived rows, read again from disk. */
  private DigestSum sum(List<Manifest> manifests) {
    DigestSum sum = new DigestSum();
    for (Manifest manifest : manifests) {
      for (Manifest.Segment segment : manifest.segments()) {
        new SegmentFile(
                context.archive().file(manifest, segment),
                segment,
                context.formats().named(segment.format()))
            .verify((ordinal, row, digest) -> sum.add(digest.high(), digest.low()));
      }
    }
    return sum;
  }
}
