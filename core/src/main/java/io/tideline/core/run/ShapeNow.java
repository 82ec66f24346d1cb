package io.tideline.core.run;

import io.tideline.catalogue.Table;
import io.tideline.core.closure.Shape;
import io.tideline.dialect.Transaction;
import java.util.List;
import java.util.function.Supplier;

/**
 * The shape of trees as it stands at each transaction: the holds are read again when the file of
 * holds changes, the catalogue is compared.
 */
final class ShapeNow {
  private final Supplier<String> holdsDigest;
  private final Supplier<Shape> withNewHolds;
  private Shape shape;
  private String holds;
  private String sameAs;

  /**
   * @param shape the tables, whose rows are read whole
   * @param catalogueVersion the catalogue's version that the shape is of
   * @param holds the digest of the holds that it knows
   * @param holdsDigest tells when holds change
   * @param withNewHolds the shape under the present holds
   */
  ShapeNow(
      Shape shape,
      String catalogueVersion,
      String holds,
      Supplier<String> holdsDigest,
      Supplier<Shape> withNewHolds) {
    this.shape = shape;
    this.sameAs = catalogueVersion;
    this.holds = holds;
    this.holdsDigest = holdsDigest;
    this.withNewHolds = withNewHolds;
  }

  Shape shape() {
    return shape;
  }

  /** Whether the holds are others than the shape knows. */
  boolean holdsChanged() {
    return !holdsDigest.get().equals(holds);
  }

  /** Reads the holds again if their file changed; no transaction may be open. */
  void refresh() {
    String now = holdsDigest.get();
    if (!now.equals(holds)) {
      shape = withNewHolds.get();
      holds = now;
    }
  }

  /**
   * Compares the catalogue inside a transaction with the one that the trees were read under.
   *
   * @param readUnder the catalogue's version when their keys were read
   * @throws CatalogueChanged if a table changed, or a hidden key of one lost its meaning
   */
  void requireSame(Transaction transaction, String readUnder) {
    String version = transaction.catalogueVersion();
    List<Table> tables = shape.tables();
    if (version.isEmpty() || !version.equals(sameAs)) {
      for (Table table : tables) {
        if (!transaction.fingerprint(table.name()).equals(table.fingerprint())) {
          throw new CatalogueChanged(false);
        }
      }
      sameAs = version;
    }
    if (!version.equals(readUnder)
        && tables.stream().anyMatch(table -> table.key().orElseThrow().hidden())) {
      throw new CatalogueChanged(true);
    }
  }
}
