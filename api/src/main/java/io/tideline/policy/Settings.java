package io.tideline.policy;

import io.tideline.dialect.DatabaseUrl;
import io.tideline.tuning.Backfill;
import io.tideline.tuning.IndexSpec;
import io.tideline.tuning.PartitionRule;
import io.tideline.tuning.Tuning;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that a configuration file says of one database.
 *
 * @param database where the database is
 * @param archive the folder of segments, manifests, outcomes and holds
 * @param state the folder of the ledger, a cache that {@code recover} makes anew
 * @param floor the shortest retention that any policy may have
 * @param terms on which terms runs work
 * @param ownTerms those of policies that have others, by their names
 * @param policies in the order of the file, which is the order of precedence
 * @param references relations that the schema does not declare
 * @param payloads the files that the database's rows refer to
 * @param backups where backups go
 * @param tuning the indexes, backfills and partitions that are declared
 */
public record Settings(
    DatabaseUrl database,
    Path archive,
    Path state,
    Optional<Duration> floor,
    Terms terms,
    Map<String, Terms> ownTerms,
    List<Policy> policies,
    List<Reference> references,
    Optional<Payloads> payloads,
    Optional<BackupPlace> backups,
    Tuning tuning) {
  /** Copies the lists. */
  public Settings {
    references = List.copyOf(references);
    policies = List.copyOf(policies);
    ownTerms = Map.copyOf(ownTerms);
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
    this(
        database,
        archive,
        state,
        floor,
        Terms.of(pace),
        Map.of(),
        policies,
        references,
        Optional.empty(),
        Optional.empty(),
        Tuning.NONE);
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

  /** The same settings with all at another pace. */
  public Settings withPace(Pace other) {
    Map<String, Terms> own = new HashMap<>();
    ownTerms.forEach((policy, each) -> own.put(policy, each.withPace(other)));
    return withTerms(terms.withPace(other), own);
  }

  /**
   * The same settings on other terms.
   *
   * @param own those of policies that have others, by their names
   */
  public Settings withTerms(Terms other, Map<String, Terms> own) {
    return new Settings(
        database,
        archive,
        state,
        floor,
        other,
        own,
        policies,
        references,
        payloads,
        backups,
        tuning);
  }

  /** How hard a run may work. */
  public Pace pace() {
    return terms.pace();
  }

  /** On which terms a policy's runs work. */
  public Terms termsOf(String policy) {
    return ownTerms.getOrDefault(policy, terms);
  }

  /** The same settings with relations that the schema does not declare. */
  public Settings withReferences(List<Reference> others) {
    return new Settings(
        database, archive, state, floor, terms, ownTerms, policies, others, payloads, backups,
        tuning);
  }

  /** The same settings with a payload store. */
  public Settings withPayloads(Payloads store) {
    return new Settings(
        database,
        archive,
        state,
        floor,
        terms,
        ownTerms,
        policies,
        references,
        Optional.of(store),
        backups,
        tuning);
  }

  /** The same settings with a place for backups. */
  public Settings withBackups(BackupPlace place) {
    return new Settings(
        database,
        archive,
        state,
        floor,
        terms,
        ownTerms,
        policies,
        references,
        payloads,
        Optional.of(place),
        tuning);
  }

  /** The same settings with other declarations of the shape of tables. */
  public Settings withTuning(Tuning other) {
    return new Settings(
        database,
        archive,
        state,
        floor,
        terms,
        ownTerms,
        policies,
        references,
        payloads,
        backups,
        other);
  }

  /** The indexes that shall, or shall not, be there. */
  public List<IndexSpec> indexes() {
    return tuning.indexes();
  }

  /** Changes of columns of live tables. */
  public List<Backfill> backfills() {
    return tuning.backfills();
  }

  /** Which partitions tables shall have, in the order of the file. */
  public List<PartitionRule> partitions() {
    return tuning.partitions();
  }
}
