package io.tideline.benchmarks;

import java.io.IOException;
import java.util.List;

/** Something measured beside what it competes with. */
interface Benchmark {
  /** The word that asks for it. */
  String name();

  /** Measures; what cannot be measured here is left out and said. */
  List<Comparison> measure(Options options, Workspace workspace) throws IOException;
}
