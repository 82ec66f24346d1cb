package io.tideline.services.web;

import io.tideline.error.TidelineException;
import io.tideline.store.StoreException;
import java.time.Clock;
import java.util.function.Function;

/** The life of a service's process. */
public final class Launch {
  private Launch() {}

  /** A service that listens. */
  public record Started(int port, AutoCloseable service) {}

  /**
   * Starts a service and says where it listens. SIGTERM and Ctrl-C end it in good order. Exit code
   * 2 if it cannot start.
   */
  public static void service(String name, Function<Clock, Started> start) {
    try {
      Started started = start.apply(Clock.systemUTC());
      Runtime.getRuntime().addShutdownHook(new Thread(() -> end(started.service()), "shutdown"));
      System.out.println(name + " listens on http://localhost:" + started.port());
    } catch (IllegalArgumentException | StoreException | TidelineException e) {
      System.err.println(e.getMessage());
      System.exit(2);
    } catch (RuntimeException e) {
      // Such as a port that is taken.
      System.err.println("Cannot start " + name + ": " + e.getMessage() + ". Nothing was done.");
      System.exit(2);
    }
  }

  private static void end(AutoCloseable service) {
    try {
      service.close();
    } catch (Exception e) {
      System.err.println("It did not end in good order: " + e.getMessage());
    }
  }
}
