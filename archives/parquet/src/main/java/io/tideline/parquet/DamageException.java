package io.tideline.parquet;

/** Says what is wrong with a file, as a clause. */
final class DamageException extends Exception {
  private static final long serialVersionUID = 1L;

  DamageException(String what) {
    super(what);
  }
}
