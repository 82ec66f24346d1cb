package io.tideline.policy;

import io.tideline.dialect.DatabaseUrl;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Everything that a configuration file says of one database.
 *
 * @param database where the database is
 * @param archive the folder of segments, manifests, outcomes and holds
 * @param state the folder of the ledger, a cache that {@code recover} makes anew
 * @param floor the shortest retention that any policy may have
 * @param pace how hard a run may work
 * @param policies in the order of the file, which is the order of precedence
 * @param references relations that the schema does not declare
 * @param payloads the files that the database's rows refer to
 */
public record Settings(
    DatabaseUrl database,
    Path archive,
    Path state,
    Optional<Duration> floor,
    Pace pace,
    List<Policy> policies,
    List<Reference> references,
    Optional<Payloads> payloads) {
  /** Copies the lists. */
  public Settings {
    references = List.copyOf(references);
    policies = List.copyOf(policies);
  }

  /** Settings without a payload store. */
  public Settings(
      DatabaseUrl database,
      Path archive,
      Path state,
      Optional<Duration> floor,
      Pace pace,
      List<Policy> policies,
      List<Reference> references) {
    this(database, archive, state, floor, pace, policies, references, Optional.empty());
  }

  /**
   * Settings for a database: the archive in a folder, the ledger inside it, gentle pace, no floor.
   */
  public static Settings of(String database, Path archive, List<Policy> policies) {
    return new Settings(
        new DatabaseUrl(database),
        archive,
        archive.resolve(".state"),
        Optional.empty(),
        Pace.GENTLE,
        policies,
        List.of());
  }

  /** The same settings at another pace. */
  public Settings withPace(Pace other) {
    return new Settings(database, archive, state, floor, other, policies, references, payloads);
  }

  /** The same settings with relations that the schema does not declare. */
  public Settings withReferences(List<Reference> others) {
    return new Settings(database, archive, state, floor, pace, policies, others, payloads);
  }

  /** The same settings with a payload store. */
  public Settings withPayloads(Payloads store) {
    return new Settings(
        database, archive, state, floor, pace, policies, references, Optional.of(store));
  }
}
