package io.tideline.core.run;

/** The table is not what it was when its rows were read. The transaction was rolled back. */
final class CatalogueChanged extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean keysVoid;

  /**
   * @param keysVoid whether only the hidden keys lost their meaning, and the table is the same
   */
  CatalogueChanged(boolean keysVoid) {
    super("the catalogue changed");
    this.keysVoid = keysVoid;
  }

  boolean keysVoid() {
    return keysVoid;
  }
}
