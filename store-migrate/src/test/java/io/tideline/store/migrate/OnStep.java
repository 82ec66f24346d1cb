package io.tideline.store.migrate;

/** What a test does at a step. */
final class OnStep {
  private OnStep() {}

  static Steps fail(String at) {
    return name -> {
      if (name.equals(at)) {
        throw new IllegalStateException(at);
      }
    };
  }
}
