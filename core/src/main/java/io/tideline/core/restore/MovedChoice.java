package io.tideline.core.restore;

import io.tideline.catalogue.Table;
import io.tideline.core.rule.EncodingFinder;
import io.tideline.core.time.TimeCodec;
import io.tideline.dialect.Condition;
import io.tideline.dialect.Database;
import io.tideline.dialect.Item;
import io.tideline.dialect.Reader;
import io.tideline.plan.TimeEncoding;
import io.tideline.policy.Policy;
import io.tideline.policy.Predicate;
import io.tideline.policy.TimeColumn;
import io.tideline.row.Row;
import io.tideline.run.RestoreRequest;
import java.util.List;
import java.util.Optional;

/**
 * Which rows of an archive table a request means.
 *
 * @param conditions what they must meet
 * @param time the column of their time; empty if no range is asked for
 * @param request the request
 * @param codec how the time is written; empty as {@code time}
 */
record MovedChoice(
    List<Condition> conditions,
    Optional<String> time,
    RestoreRequest request,
    Optional<TimeCodec> codec) {
  /** What a request means of the rows that a policy moved. */
  static MovedChoice of(
      Database database, Reader reader, Policy policy, Table archive, RestoreRequest request) {
    List<Condition> conditions =
        request.where().stream()
            .<Condition>map(sql -> new Condition.IsTrue(new Predicate(sql), new Row(2)))
            .toList();
    conditions.forEach(condition -> reader.check(archive, new Item.Holds(condition)));
    if (request.from().isEmpty() && request.to().isEmpty()) {
      return new MovedChoice(conditions, Optional.empty(), request, Optional.empty());
    }
    TimeColumn column =
        policy
            .time()
            .filter(time -> time.column().isPresent())
            .orElseThrow(() -> TimeRange.unknown("table " + archive.name()));
    String name = database.resolveColumn(archive, column.column().orElseThrow());
    TimeColumn spelt =
        new TimeColumn(Optional.of(name), Optional.empty(), column.format(), column.zone());
    TimeEncoding encoding =
        EncodingFinder.find(reader, archive, spelt, EncodingFinder.type(archive, spelt));
    return new MovedChoice(
        conditions, Optional.of(name), request, Optional.of(new TimeCodec(encoding)));
  }

  /** Whether rows of the archive table may not be meant. */
  boolean partial() {
    return !conditions.isEmpty() || time.isPresent();
  }

  /** The range asked for, of rows whose time stands at a position. */
  TimeRange range(int at) {
    return codec
        .map(each -> new TimeRange(request.from(), request.to(), at, each))
        .orElse(TimeRange.EVER);
  }
}
