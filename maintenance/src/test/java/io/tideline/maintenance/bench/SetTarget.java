package io.tideline.maintenance.bench;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongFunction;

/** Answers as a test says. */
final class SetTarget implements Target {
  private final String name;
  private final LongFunction<Answer> answers;
  final AtomicInteger opened = new AtomicInteger();
  final AtomicInteger closed = new AtomicInteger();

  SetTarget(String name, LongFunction<Answer> answers) {
    this.name = name;
    this.answers = answers;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Map<String, String> identity() {
    return Map.of("target", name);
  }

  @Override
  public String amounts() {
    return "rows";
  }

  @Override
  public Asker open() {
    opened.incrementAndGet();
    return new Asker() {
      @Override
      public Answer ask(long number) {
        return answers.apply(number);
      }

      @Override
      public void giveUp() {
        // Its answers never take long.
      }

      @Override
      public void close() {
        closed.incrementAndGet();
      }
    };
  }
}
