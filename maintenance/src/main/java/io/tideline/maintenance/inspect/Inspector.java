package io.tideline.maintenance.inspect;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.Table;
import io.tideline.core.archive.Storage;
import io.tideline.dialect.Checkup;
import io.tideline.dialect.Database;
import io.tideline.dialect.Examiner;
import io.tideline.health.Activity;
import io.tideline.health.Check;
import io.tideline.health.DayCounts;
import io.tideline.health.Finding;
import io.tideline.health.Forecast;
import io.tideline.health.ForeignKeyFacts;
import io.tideline.health.Growth;
import io.tideline.health.IndexSurvey;
import io.tideline.health.Inspection;
import io.tideline.health.Remedy;
import io.tideline.health.RowAges;
import io.tideline.health.StorageFacts;
import io.tideline.health.Suppressed;
import io.tideline.health.Suppression;
import io.tideline.health.TableFacts;
import io.tideline.health.TableHealth;
import io.tideline.health.Thresholds;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Looks at a database and says what hurts. Changes nothing in it. */
public final class Inspector {
  /** The ages of rows are looked for in so many tables, the largest. */
  private static final int AGED = 8;

  /** After so long a time no other table is begun. */
  private static final Duration AGING = Duration.ofSeconds(5);

  /** Where there are more tables, nobody asks for ages, and the catalogue is dear. */
  private static final int CATALOGUED = 2_000;

  private static final Set<Check> OF_INDEXES =
      EnumSet.of(Check.UNUSED_INDEX, Check.DUPLICATE_INDEX, Check.COVERED_INDEX);

  private static final Comparator<Finding> WORST_FIRST =
      Comparator.comparing(Finding::severity)
          .thenComparingLong(Finding::frees)
          .reversed()
          .thenComparing(Finding::check)
          .thenComparing(Finding::place);

  private final Database database;
  private final Request request;
  private final Instant now;
  private final Looks looks = new Looks();

  private Inspector(Database database, Request request, Instant now) {
    this.database = database;
    this.request = request;
    this.now = now;
  }

  /**
   * Inspects a database, and remembers its sizes if it was given a folder for them.
   *
   * @throws io.tideline.error.TidelineException {@code ARGUMENT_INVALID}, {@code TABLE_UNKNOWN},
   *     {@code COLUMN_UNKNOWN} for what is to be counted by day; {@code CONNECTION_LOST}, {@code
   *     DATABASE_CORRUPT}
   */
  public static Inspection inspect(Database database, Request request, Clock clock) {
    return new Inspector(database, request, Instant.now(clock)).look();
  }

  /**
   * The findings of indexes alone: those that nobody reads, and those that repeat others. Remembers
   * nothing.
   */
  public static List<Finding> indexes(Database database, Request request, Clock clock) {
    Inspector inspector = new Inspector(database, request, Instant.now(clock));
    try (Examiner examiner = database.openExaminer(request.examination())) {
      List<Finding> findings =
          new ArrayList<>(
              inspector.indexes(
                  examiner, List.of(), new IdleIndexes(inspector.earlier(), inspector.now)));
      findings.removeIf(each -> !OF_INDEXES.contains(each.check()));
      findings.sort(WORST_FIRST);
      return inspector.told(findings);
    }
  }

  private Inspection look() {
    try (Examiner examiner = database.openExaminer(request.examination())) {
      return look(examiner);
    }
  }

  private Inspection look(Examiner examiner) {
    StorageFacts storage = examiner.storage();
    List<TableFacts> tables = new ArrayList<>(looks.at("tables", examiner::tables, List.of()));
    tables.sort(Comparator.comparingLong(TableFacts::total).reversed());
    List<Memory.Line> earlier = earlier();
    IdleIndexes idle = new IdleIndexes(earlier, now);
    List<Finding> findings = new ArrayList<>(indexes(examiner, tables, idle));
    for (Checkup each : examiner.checkups()) {
      findings.addAll(looks.at(each.name(), each.look(), List.of()));
    }
    Activity activity =
        looks
            .at("who uses it", examiner::activity, Activity.NONE)
            .with(looks.at("slowest statements", examiner::statements, List.of()));
    Map<String, RowAges> ages = new HashMap<>();
    List<DayCounts> byDay = rows(examiner, tables, ages);
    OptionalLong diskFree = diskFree();
    long used = storage.size().total() - storage.size().free();
    remember(used, tables, idle);
    Optional<Growth> growth = growth(earlier, used);
    Optional<Forecast> forecast =
        diskFree.isEmpty()
            ? Optional.empty()
            : growth.flatMap(
                each -> GrowthJudge.forecast(each, diskFree.getAsLong() + storage.size().free()));
    growth.ifPresent(
        each -> forecast.flatMap(when -> GrowthJudge.finding(when, each)).ifPresent(findings::add));
    findings.sort(WORST_FIRST);
    return judged(
        findings,
        (told, borne, expired) ->
            new Inspection(
                now,
                database.info(),
                storage,
                diskFree,
                healths(tables, ages, earlier),
                byDay,
                growth,
                forecast,
                request.gains(),
                activity,
                told,
                borne,
                expired,
                looks.unseen()));
  }

  private interface Verdict {
    Inspection of(List<Finding> told, List<Suppressed> borne, List<Suppression> expired);
  }

  private List<Finding> told(List<Finding> findings) {
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    return findings.stream()
        .filter(
            finding ->
                request.suppressions().stream()
                    .noneMatch(each -> !each.expired(today) && each.means(finding)))
        .toList();
  }

  private Inspection judged(List<Finding> findings, Verdict verdict) {
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    List<Suppression> expired =
        request.suppressions().stream().filter(each -> each.expired(today)).toList();
    List<Finding> told = new ArrayList<>();
    List<Suppressed> borne = new ArrayList<>();
    for (Finding finding : findings) {
      request.suppressions().stream()
          .filter(each -> !each.expired(today) && each.means(finding))
          .findFirst()
          .ifPresentOrElse(by -> borne.add(new Suppressed(finding, by)), () -> told.add(finding));
    }
    return verdict.of(told, borne, expired);
  }

  private List<Finding> indexes(Examiner examiner, List<TableFacts> tables, IdleIndexes idle) {
    Thresholds thresholds = request.examination().thresholds();
    IndexSurvey survey = looks.at("indexes", examiner::indexes, IndexSurvey.NONE);
    List<ForeignKeyFacts> keys = looks.at("foreign keys", examiner::foreignKeys, List.of());
    IndexJudge repeats = new IndexJudge(thresholds, examiner::dropIndex);
    List<Finding> findings = new ArrayList<>(repeats.repeated(survey));
    UseJudge use = new UseJudge(thresholds, now, survey);
    findings.addAll(use.unused(keys, repeats.needless(), idle, examiner::dropIndex));
    if (!examiner.afterDrop().isEmpty()) {
      findings.replaceAll(each -> inside(each, examiner.afterDrop()));
    }
    if (survey == IndexSurvey.NONE) {
      idle.unseen();
    } else {
      findings.addAll(use.unindexed(keys, tables));
    }
    return findings;
  }

  /** A finding whose mending gives nothing to the disk yet. */
  private static Finding inside(Finding finding, String note) {
    return finding
        .freeing(0)
        .mend(
            finding.remedies().stream()
                .map(each -> new Remedy(each.kind(), each.text(), note))
                .toArray(Remedy[]::new));
  }

  /** The ages of rows, and their counts by day if asked for. */
  private List<DayCounts> rows(
      Examiner examiner, List<TableFacts> tables, Map<String, RowAges> ages) {
    if (tables.size() > CATALOGUED && request.byDay().isEmpty()) {
      return List.of();
    }
    Optional<Catalogue> read =
        looks.at("ages of rows", () -> Optional.of(database.catalogue()), Optional.empty());
    if (read.isEmpty()) {
      return List.of();
    }
    Catalogue catalogue = read.get();
    AgeFinder finder = new AgeFinder(examiner, request.policies(), now);
    long began = System.nanoTime();
    for (TableFacts facts : tables.subList(0, Math.min(AGED, tables.size()))) {
      if (System.nanoTime() - began > AGING.toNanos()) {
        looks.missed("ages of rows of " + facts.name(), "5 s were over");
        continue;
      }
      Optional<Table> table = catalogue.table(facts.name());
      table
          .flatMap(each -> finder.of(each, facts))
          .ifPresent(found -> ages.put(facts.name().toString(), found));
    }
    DayCounter counter = new DayCounter(database, catalogue, now);
    return request.byDay().stream().map(counter::count).toList();
  }

  private OptionalLong diskFree() {
    OptionalLong least = OptionalLong.empty();
    for (Path place : database.places()) {
      try {
        long free = new Storage().usableBytes(place);
        least = OptionalLong.of(Math.min(least.orElse(Long.MAX_VALUE), free));
      } catch (IOException e) {
        return OptionalLong.empty();
      }
    }
    return least;
  }

  private List<Memory.Line> earlier() {
    return request
        .state()
        .map(state -> new Memory(state).of(database.info().place()))
        .orElseGet(List::of);
  }

  private void remember(long used, List<TableFacts> tables, IdleIndexes idle) {
    if (request.state().isEmpty()) {
      return;
    }
    Memory memory = new Memory(request.state().get());
    Map<String, Long> bytes = new LinkedHashMap<>();
    tables.stream()
        .limit(Memory.TABLES)
        .forEach(table -> bytes.put(table.name().toString(), table.total()));
    Memory.Line line =
        new Memory.Line(now, database.info().place(), used, bytes, Optional.of(idle.seen()));
    looks.at(
        "growth",
        () -> {
          memory.add(line);
          return true;
        },
        false);
  }

  private Optional<Growth> growth(List<Memory.Line> earlier, long used) {
    List<Growth.Point> points = new ArrayList<>();
    earlier.forEach(line -> points.add(new Growth.Point(line.at(), line.bytes())));
    points.add(new Growth.Point(now, used));
    return GrowthJudge.of(points);
  }

  private List<TableHealth> healths(
      List<TableFacts> tables, Map<String, RowAges> ages, List<Memory.Line> earlier) {
    List<TableHealth> healths = new ArrayList<>();
    for (TableFacts table : tables) {
      String name = table.name().toString();
      healths.add(
          new TableHealth(
              table, Optional.ofNullable(ages.get(name)), perDay(name, table.total(), earlier)));
    }
    return healths;
  }

  private OptionalLong perDay(String table, long bytes, List<Memory.Line> earlier) {
    for (Memory.Line line : earlier) {
      Long then = line.tables().get(table);
      double days = Duration.between(line.at(), now).toSeconds() / 86_400.0;
      if (then != null && days >= GrowthJudge.LEAST) {
        return OptionalLong.of(Math.round((bytes - then) / days));
      }
    }
    return OptionalLong.empty();
  }
}
