package io.tideline.core.payload;

import io.tideline.plan.PayloadPlan;
import io.tideline.row.Row;
import java.util.ArrayList;
import java.util.List;

/** Counts the references of one column. */
final class ColumnTally {
  private static final int EXAMPLES = 3;

  private final String column;
  private final List<String> examples = new ArrayList<>();
  private long rows;
  private long none;
  private long plain;
  private long malformed;
  private long holding;
  private long missing;
  private long rootless;

  ColumnTally(String column) {
    this.column = column;
  }

  void counted(Mention mention, Row key) {
    rows++;
    switch (mention.form()) {
      case NONE -> none++;
      case PLAIN -> plain++;
      case MALFORMED -> {
        malformed++;
        example("malformed", key);
      }
    }
  }

  void holds(boolean there, boolean rooted, Row key) {
    holding++;
    if (!there) {
      missing++;
      example("missing", key);
    }
    if (!rooted) {
      rootless++;
    }
  }

  private void example(String what, Row key) {
    if (examples.size() < EXAMPLES && key.width() > 0) {
      examples.add(what + ": key " + key.display());
    }
  }

  PayloadPlan.Column report() {
    return new PayloadPlan.Column(
        column, rows, none, plain, malformed, holding, missing, rootless, examples);
  }
}
