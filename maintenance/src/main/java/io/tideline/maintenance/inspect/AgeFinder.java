package io.tideline.maintenance.inspect;

import io.tideline.catalogue.Column;
import io.tideline.catalogue.NaturalType.Family;
import io.tideline.catalogue.Table;
import io.tideline.core.rule.EncodingFinder;
import io.tideline.core.rule.PolicyTime;
import io.tideline.core.time.TimeCodec;
import io.tideline.core.time.TimeShapes;
import io.tideline.core.time.TimeVerdict;
import io.tideline.dialect.Examiner;
import io.tideline.dialect.Item;
import io.tideline.dialect.UnseenException;
import io.tideline.error.TidelineException;
import io.tideline.health.Amount;
import io.tideline.health.RowAges;
import io.tideline.health.TableFacts;
import io.tideline.plan.TimeEncoding;
import io.tideline.policy.Policy;
import io.tideline.policy.TimeColumn;
import io.tideline.row.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** Finds the times of a table's rows by a sample of the column that most likely tells them. */
final class AgeFinder {
  private final Examiner examiner;
  private final List<Policy> policies;
  private final Instant now;

  AgeFinder(Examiner examiner, List<Policy> policies, Instant now) {
    this.examiner = examiner;
    this.policies = policies;
    this.now = now;
  }

  /** The ages; empty if no column tells them. */
  Optional<RowAges> of(Table table, TableFacts size) {
    for (Column column : candidates(table)) {
      Optional<RowAges> ages = of(table, column, size);
      if (ages.isPresent()) {
        return ages;
      }
    }
    return Optional.empty();
  }

  /** A policy's column first, then those that an index is ordered by; two at most are tried. */
  private List<Column> candidates(Table table) {
    List<Column> found = new ArrayList<>(table.columns().stream().filter(this::likely).toList());
    found.sort(
        Comparator.comparing((Column column) -> !ofPolicy(table, column))
            .thenComparing(
                column ->
                    table.indexes().stream()
                        .noneMatch(index -> index.serves(List.of(column.name()))))
            .thenComparing(column -> !column.name().toLowerCase(Locale.ROOT).startsWith("creat")));
    return found.subList(0, Math.min(2, found.size()));
  }

  private boolean ofPolicy(Table table, Column column) {
    return policies.stream()
        .filter(policy -> policy.table().equalsIgnoreCase(table.name().toString()))
        .flatMap(policy -> policy.time().stream())
        .flatMap(time -> time.column().stream())
        .anyMatch(column.name()::equalsIgnoreCase);
  }

  private boolean likely(Column column) {
    Family family = column.type().family();
    String name = column.name().toLowerCase(Locale.ROOT);
    return family == Family.DATE
        || family == Family.TIMESTAMP
        || family == Family.TIMESTAMP_UTC
        || column.declaredType().toUpperCase(Locale.ROOT).matches(".*(DATE|TIME).*")
        || name.matches("created|at|timestamp|time|ts|date|.*_(at|time|date)");
  }

  private Optional<RowAges> of(Table table, Column column, TableFacts size) {
    TimeColumn time = TimeColumn.of(column.name());
    Item item = PolicyTime.item(time);
    try {
      List<Row> sample = new ArrayList<>();
      TimeShapes shapes = EncodingFinder.shapes(table, time, column.type());
      examiner.sampleTimes(
          table,
          item,
          row -> {
            shapes.add(row, 0);
            sample.add(row.slice(0, 1));
            return true;
          });
      boolean ordered =
          table.indexes().stream().anyMatch(index -> index.serves(List.of(column.name())));
      return shapes.detect().flatMap(encoding -> ages(column, ordered, encoding, sample, size));
    } catch (TidelineException | UnseenException e) {
      return Optional.empty(); // no times stand in it, or they cannot be read now
    }
  }

  private Optional<RowAges> ages(
      Column column, boolean ordered, TimeEncoding encoding, List<Row> sample, TableFacts size) {
    TimeCodec codec = new TimeCodec(encoding);
    Instant oldest = Instant.MAX;
    Instant newest = Instant.MIN;
    boolean all = ordered;
    for (Row row : sample) {
      TimeVerdict verdict = codec.read(row, 0, now, now);
      if (verdict == TimeVerdict.EXPIRED || verdict == TimeVerdict.FRESH) {
        oldest = codec.instant().isBefore(oldest) ? codec.instant() : oldest;
        newest = codec.instant().isAfter(newest) ? codec.instant() : newest;
      } else {
        all = false; // as many as an end of the sample has may hide the last that counts
      }
    }
    return newest.isBefore(oldest)
        ? Optional.empty()
        : Optional.of(
            new RowAges(column.name(), oldest, newest, all, perDay(size, oldest, newest)));
  }

  private static OptionalLong perDay(TableFacts size, Instant oldest, Instant newest) {
    double days = Duration.between(oldest, newest).toSeconds() / 86_400.0;
    return days < 1 || size.rows().isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(Math.round(size.rows().map(Amount::value).orElse(0L) / days));
  }
}
