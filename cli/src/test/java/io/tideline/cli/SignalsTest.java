package io.tideline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

@DisabledOnOs(OS.WINDOWS)
final class SignalsTest {
  @Test
  void stopsOnTheFirstSignal() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CountDownLatch stopped = new CountDownLatch(1);
    try (Signals signals =
        new Signals(stopped::countDown, new PrintStream(bytes, true, StandardCharsets.UTF_8))) {
      assertThat(signals).isNotNull();
      raise("TERM");

      assertThat(stopped.await(10, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(bytes.toString(StandardCharsets.UTF_8)).contains("Stopping after the batch");
  }

  private static void raise(String name) throws ReflectiveOperationException {
    Class<?> type = Class.forName("sun.misc.Signal");
    Object signal = type.getConstructor(String.class).newInstance(name);
    type.getMethod("raise", type).invoke(null, signal);
  }
}
