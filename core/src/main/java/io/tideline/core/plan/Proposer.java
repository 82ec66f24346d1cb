package io.tideline.core.plan;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.Column;
import io.tideline.catalogue.NaturalType.Family;
import io.tideline.catalogue.Table;
import io.tideline.core.rule.EncodingFinder;
import io.tideline.core.rule.PolicyTime;
import io.tideline.core.rule.WalkOrder;
import io.tideline.core.time.TimeCodec;
import io.tideline.core.time.TimeShapes;
import io.tideline.core.time.TimeVerdict;
import io.tideline.dialect.Database;
import io.tideline.dialect.Reader;
import io.tideline.error.TidelineException;
import io.tideline.plan.Proposal;
import io.tideline.plan.TimeEncoding;
import io.tideline.policy.TimeColumn;
import io.tideline.row.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** Looks for tables that grow by time, and says how policies for them could look. */
public final class Proposer {
  /** Names of columns that tell when a row came to be, the likeliest first. */
  private static final List<String> NAMES =
      List.of(
          "created_at",
          "requested_at",
          "recorded_at",
          "logged_at",
          "occurred_at",
          "completed_at",
          "finished_at",
          "ended_at",
          "timestamp",
          "event_time",
          "inserted_at",
          "started_at",
          "created",
          "time",
          "ts",
          "date",
          "updated_at",
          "last_seen");

  private final Database database;
  private final Catalogue catalogue;
  private final Reader reader;
  private final Instant now;

  /** A proposer for an open database. */
  public Proposer(Database database, Reader reader, Instant now) {
    this.database = database;
    this.catalogue = database.catalogue();
    this.reader = reader;
    this.now = now;
  }

  /** The proposals, largest table first. */
  public List<Proposal> proposals() {
    List<Proposal> proposals = new ArrayList<>();
    for (Table table : catalogue.tables()) {
      boolean hopeless = table.obstacles().stream().anyMatch(o -> o.what().contains("it is a"));
      if (!hopeless && !holdsMovedRows(table)) {
        propose(table).ifPresent(proposals::add);
      }
    }
    proposals.sort(Comparator.comparingLong(Proposal::bytes).reversed());
    return proposals;
  }

  /** Whether it is an archive table, as a policy that moves rows makes it. */
  private static boolean holdsMovedRows(Table table) {
    return table.name().name().endsWith("_archive") && table.column("archived_at").isPresent();
  }

  private record Candidate(Column column, TimeEncoding encoding, int rank) {}

  private Optional<Proposal> propose(Table table) {
    List<Candidate> candidates = new ArrayList<>();
    for (Column column : table.columns()) {
      candidate(table, column).ifPresent(candidates::add);
    }
    candidates.sort(Comparator.comparingInt(Candidate::rank));
    return candidates.stream().findFirst().map(best -> proposal(table, best, candidates));
  }

  private Optional<Candidate> candidate(Table table, Column column) {
    boolean typed =
        column.type().family() == Family.DATE
            || column.type().family() == Family.TIMESTAMP
            || column.type().family() == Family.TIMESTAMP_UTC;
    OptionalInt named = rank(column.name());
    boolean declared = column.declaredType().toUpperCase(Locale.ROOT).matches(".*(DATE|TIME).*");
    if (!typed && !declared && named.isEmpty()) {
      return Optional.empty();
    }
    try {
      TimeShapes shapes = EncodingFinder.shapes(table, TimeColumn.of(column.name()), column.type());
      sample(table, column, shapes);
      return shapes
          .detect()
          .map(encoding -> new Candidate(column, encoding, named.orElse(NAMES.size())));
    } catch (TidelineException e) {
      return Optional.empty(); // no times stand in it, whatever its name
    }
  }

  private void sample(Table table, Column column, TimeShapes shapes) {
    reader.sampleTimes(
        table,
        PolicyTime.item(TimeColumn.of(column.name())),
        row -> {
          shapes.add(row, 0);
          return true;
        });
  }

  private static OptionalInt rank(String column) {
    String name = column.toLowerCase(Locale.ROOT);
    int at = NAMES.indexOf(name);
    if (at >= 0) {
      return OptionalInt.of(at);
    }
    return name.endsWith("_at") || name.endsWith("_time") || name.endsWith("_date")
        ? OptionalInt.of(NAMES.size() - 1)
        : OptionalInt.empty();
  }

  private Proposal proposal(Table table, Candidate best, List<Candidate> all) {
    Instant[] ends = ends(table, best);
    return new Proposal(
        table.name().toString(),
        best.column().name(),
        all.stream().skip(1).map(each -> each.column().name()).toList(),
        best.encoding(),
        reader.count(table, List.of()),
        reader.tableBytes(table),
        Optional.ofNullable(ends[0]),
        Optional.ofNullable(ends[1]),
        remarks(table, best.column()),
        new DependentFinder(database, catalogue).of(table));
  }

  /** The oldest and newest of a sample that holds both ends. */
  private Instant[] ends(Table table, Candidate best) {
    TimeCodec codec = new TimeCodec(best.encoding());
    Instant[] ends = new Instant[2];
    reader.sampleTimes(
        table,
        PolicyTime.item(TimeColumn.of(best.column().name())),
        row -> {
          widen(ends, codec, row);
          return true;
        });
    return ends;
  }

  private void widen(Instant[] ends, TimeCodec codec, Row row) {
    TimeVerdict verdict = codec.read(row, 0, now, now);
    if (verdict == TimeVerdict.EXPIRED || verdict == TimeVerdict.FRESH) {
      Instant time = codec.instant();
      ends[0] = ends[0] == null || time.isBefore(ends[0]) ? time : ends[0];
      ends[1] = ends[1] == null || time.isAfter(ends[1]) ? time : ends[1];
    }
  }

  private List<String> remarks(Table table, Column time) {
    List<String> remarks = new ArrayList<>();
    table.obstacles().forEach(o -> remarks.add("cannot be cleaned: " + o.what()));
    if (table.obstacles().isEmpty()
        && WalkOrder.byTime(table, Optional.of(time.name())).isEmpty()) {
      remarks.add(
          "no index begins with "
              + time.name()
              + "; "
              + database.indexStatement(table.name(), List.of(time.name())));
    }
    table.referrers().stream()
        .filter(key -> key.from().equals(table.name()))
        .map(key -> key.display() + " refers to the same table: a row that stays keeps the others")
        .distinct()
        .forEach(remarks::add);
    return remarks;
  }
}
