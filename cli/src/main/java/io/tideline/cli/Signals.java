package io.tideline.cli;

import io.tideline.error.ExitCode;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ends a run after its batch on the first SIGINT or SIGTERM, at once on the second: nothing is lost
 * either way. Where the JVM has no signal handlers, a signal ends the process at once.
 *
 * <p>By reflection, because javac warns of sun.misc.Signal and cannot be told not to; it is the
 * supported way (jdk.unsupported, JEP 260).
 */
final class Signals implements Interrupts.Listening {
  private final Runnable stop;
  private final PrintStream err;
  private final AtomicBoolean asked = new AtomicBoolean();
  private final List<Map.Entry<Object, Object>> previous = new ArrayList<>();

  Signals(Runnable stop, PrintStream err) {
    this.stop = stop;
    this.err = err;
    handle("INT");
    handle("TERM");
  }

  private void handle(String name) {
    try {
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, args) -> {
                if (method.getName().equals("handle")) {
                  signalled();
                  return null;
                }
                return switch (method.getName()) {
                  case "equals" -> args != null && self == args[0];
                  case "hashCode" -> System.identityHashCode(self);
                  default -> "Signals";
                };
              });
      Object signal =
          Class.forName("sun.misc.Signal").getConstructor(String.class).newInstance(name);
      previous.add(Map.entry(signal, install(signal, proxy)));
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      // No handlers on this JVM, or -Xrs: the default action stays.
      return;
    }
  }

  private static Object install(Object signal, Object handler) throws ReflectiveOperationException {
    try {
      return Class.forName("sun.misc.Signal")
          .getMethod("handle", signal.getClass(), Class.forName("sun.misc.SignalHandler"))
          .invoke(null, signal, handler);
    } catch (InvocationTargetException e) {
      throw new ReflectiveOperationException(e.getCause());
    }
  }

  void signalled() {
    if (asked.getAndSet(true)) {
      Runtime.getRuntime().halt(ExitCode.STOPPED.number());
    }
    err.println();
    err.println("Stopping after the batch in progress; press Ctrl-C again to stop at once.");
    stop.run();
  }

  @Override
  public void close() {
    for (Map.Entry<Object, Object> entry : previous) {
      try {
        install(entry.getKey(), entry.getValue());
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("Cannot put a signal handler back", e);
      }
    }
  }
}
