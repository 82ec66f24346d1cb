package io.tideline.plan;

import io.tideline.catalogue.TableName;
import io.tideline.policy.Policy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What one policy would do.
 *
 * @param policy the policy as it acts, flags applied
 * @param acts whether it acts in this plan: on, and chosen
 * @param table the table's full name
 * @param fingerprint the table's fingerprint
 * @param cutoff rows strictly older expire; empty for a policy that is off or acts by key
 * @param encoding how the times are written; empty where none is read
 * @param total the rows of the table
 * @param rows the rows that go
 * @param bytes the bytes of their values
 * @param oldest the oldest time that goes
 * @param newest the newest time that goes
 * @param kept the rows that stay, by reason; {@link Reason#FRESH} among them
 * @param order the columns in whose order the table is walked
 * @param span the integer keys between which the rows lie, where the walk is in the order of such a
 *     key
 * @param accessPath the index used; empty for a scan of the whole table
 * @param explain the engine's own words for how it reads
 * @param triggers the names of triggers that will fire
 * @param estimate how long it should take, from a usual rate
 * @param findings what the user should know
 * @param dependents what goes with the rows, by table
 * @param partitions the partitions that go whole; their rows are part of {@code rows}
 */
public record PolicyPlan(
    Policy policy,
    boolean acts,
    TableName table,
    String fingerprint,
    Optional<Instant> cutoff,
    Optional<TimeEncoding> encoding,
    long total,
    long rows,
    long bytes,
    Optional<Instant> oldest,
    Optional<Instant> newest,
    List<Kept> kept,
    List<String> order,
    Optional<KeySpan> span,
    String accessPath,
    String explain,
    List<String> triggers,
    Duration estimate,
    List<Finding> findings,
    List<DependentRows> dependents,
    List<WholePartition> partitions) {
  /** Copies the lists. */
  public PolicyPlan {
    kept = List.copyOf(kept);
    order = List.copyOf(order);
    triggers = List.copyOf(triggers);
    findings = List.copyOf(findings);
    dependents = List.copyOf(dependents);
    partitions = List.copyOf(partitions);
  }

  /** What a policy would do row by row. */
  public PolicyPlan(
      Policy policy,
      boolean acts,
      TableName table,
      String fingerprint,
      Optional<Instant> cutoff,
      Optional<TimeEncoding> encoding,
      long total,
      long rows,
      long bytes,
      Optional<Instant> oldest,
      Optional<Instant> newest,
      List<Kept> kept,
      List<String> order,
      Optional<KeySpan> span,
      String accessPath,
      String explain,
      List<String> triggers,
      Duration estimate,
      List<Finding> findings,
      List<DependentRows> dependents) {
    this(
        policy,
        acts,
        table,
        fingerprint,
        cutoff,
        encoding,
        total,
        rows,
        bytes,
        oldest,
        newest,
        kept,
        order,
        span,
        accessPath,
        explain,
        triggers,
        estimate,
        findings,
        dependents,
        List.of());
  }

  /** The same plan with other findings, and with partitions that go whole. */
  public PolicyPlan with(List<Finding> others, List<WholePartition> whole) {
    return new PolicyPlan(
        policy,
        acts,
        table,
        fingerprint,
        cutoff,
        encoding,
        total,
        rows,
        bytes,
        oldest,
        newest,
        kept,
        order,
        span,
        accessPath,
        explain,
        triggers,
        estimate,
        others,
        dependents,
        whole);
  }

  /** The rows that go, those of other tables included. */
  public long allRows() {
    return rows + dependents.stream().mapToLong(DependentRows::rows).sum();
  }

  /** The rows of other tables that go with them. */
  public long withThem() {
    return dependents.stream().mapToLong(DependentRows::rows).sum();
  }

  /** The rows of other tables that stay and lose what they refer to. */
  public long detached() {
    return dependents.stream().mapToLong(DependentRows::detached).sum();
  }
}
