package io.tideline.tuning;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A query that an application asks.
 *
 * @param name what it is called
 * @param text its SQL
 * @param parameters one for each name in the SQL, in any order
 * @param expect what is expected of its plan
 */
public record QuerySpec(
    String name, QueryText text, List<QueryParameter> parameters, Expectations expect) {
  /**
   * Checks that every parameter of the SQL is given, and no other.
   *
   * @throws IllegalArgumentException if not
   */
  public QuerySpec {
    parameters = List.copyOf(parameters);
    List<String> given = parameters.stream().map(QueryParameter::name).sorted().toList();
    List<String> wanted = text.names().stream().sorted().toList();
    if (!given.equals(wanted)) {
      throw new IllegalArgumentException(
          "Cannot ask query " + name + ": it has the parameters " + wanted + ", given " + given);
    }
  }

  /** The values of the placeholders of {@link QueryText#jdbc}, in order, by the first samples. */
  public List<@Nullable Object> values(Instant now) {
    return values(now, 0);
  }

  /** The values of the placeholders in a turn, from 0: the samples of each parameter go round. */
  public List<@Nullable Object> values(Instant now, long turn) {
    Map<String, QueryParameter> known =
        parameters.stream().collect(Collectors.toMap(QueryParameter::name, Function.identity()));
    List<@Nullable Object> values = new ArrayList<>();
    for (String placeholder : text.placeholders()) {
      QueryParameter parameter = known.get(placeholder);
      values.add(parameter == null ? null : parameter.sample(turn).at(now));
    }
    return values;
  }
}
