package io.tideline.maintenance.inspect;

import io.tideline.dialect.Examination;
import io.tideline.health.PolicyGain;
import io.tideline.health.Suppression;
import io.tideline.policy.Policy;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What is asked of an {@link Inspector}.
 *
 * @param examination how closely it looks
 * @param byDay tables whose rows are counted by day, each as {@code table.column}
 * @param suppressions what is borne
 * @param state the folder in which inspections are remembered; empty to remember none
 * @param policies the policies, whose time columns tell the ages of rows
 * @param gains what policies would free, if that was asked
 */
public record Request(
    Examination examination,
    List<String> byDay,
    List<Suppression> suppressions,
    Optional<Path> state,
    List<Policy> policies,
    List<PolicyGain> gains) {
  /** A plain look that remembers nothing. */
  public static final Request USUAL =
      new Request(Examination.USUAL, List.of(), List.of(), Optional.empty(), List.of(), List.of());

  /** Copies the lists. */
  public Request {
    byDay = List.copyOf(byDay);
    suppressions = List.copyOf(suppressions);
    policies = List.copyOf(policies);
    gains = List.copyOf(gains);
  }
}
