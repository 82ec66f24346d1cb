package io.tideline.core.work;

import io.tideline.core.archive.ArchiveFailure;
import io.tideline.core.archive.Json;
import io.tideline.run.Running;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What processes tell each other over the folder of the state: the run tells in {@code
 * running.json} how far it is, others ask it by the files {@code stop} and {@code pause} to end or
 * to wait. A file {@code stop} or {@code pause} that a person made names no run: it stands for
 * every run until it is removed. Nothing here matters to what is safe: no file, no order.
 */
public final class Orders {
  private final Path state;

  /** The orders in a folder. */
  public Orders(Path state) {
    this.state = state;
  }

  /**
   * What is asked of a run.
   *
   * @param run the run; null if of any
   * @param until how long it stands; null if for ever
   */
  private record Order(@Nullable String run, @Nullable Instant until) {
    private static final Order STANDING = new Order(null, null);

    boolean of(String other, Instant now) {
      return (run == null || run.equals(other)) && (until == null || now.isBefore(until));
    }
  }

  /** The file that asks a run to end after its batch, if there is one. */
  Optional<Path> stopping(String run, Instant now) {
    return order("stop").filter(order -> order.of(run, now)).map(order -> file("stop"));
  }

  /** Until when a run shall wait; the distant future if nobody said. */
  Optional<Instant> waiting(String run, Instant now) {
    return order("pause")
        .filter(order -> order.of(run, now))
        .map(order -> order.until == null ? Instant.MAX : order.until);
  }

  /** Asks a run to end after its batch. */
  public void stop(String run) {
    write("stop", new Order(run, null));
  }

  /** Asks a run to wait. */
  public void pause(String run, Instant until) {
    write("pause", new Order(run, until));
  }

  /**
   * Takes the order to wait back, whoever gave it.
   *
   * @return whether there was one
   */
  public boolean resume() {
    return delete("pause");
  }

  /** Takes back what was asked of one run, which has ended; standing orders stay. */
  void forget(String run) {
    for (String name : new String[] {"stop", "pause"}) {
      if (order(name).filter(order -> run.equals(order.run)).isPresent()) {
        delete(name);
      }
    }
  }

  /** Tells how far a run is. */
  void tell(Running running) {
    write("running.json", running);
  }

  /** Tells that no run goes on. */
  void ended() {
    delete("running.json");
  }

  /** The run that goes on, unless its process is known to be dead. */
  public Optional<Running> running() {
    try {
      String told = Files.readString(file("running.json"));
      return Optional.of(Json.read(told, Running.class, "running.json"))
          .filter(
              running ->
                  !running.host().equals(Telling.host())
                      || ProcessHandle.of(running.pid()).isPresent());
    } catch (IOException | RuntimeException e) {
      return Optional.empty(); // none, or nothing that can be read
    }
  }

  /** What stands for every run until a person takes it away, one sentence each. */
  public List<String> standing() {
    List<String> told = new ArrayList<>();
    if (order("stop").filter(order -> order.run == null).isPresent()) {
      told.add("Every run stops at once while the file " + file("stop") + " is there.");
    }
    if (order("pause").filter(order -> order.run == null).isPresent()) {
      told.add("Every run waits while the file " + file("pause") + " is there.");
    }
    return told;
  }

  /** An order; one that is no document of ours is a person's. */
  private Optional<Order> order(String name) {
    try {
      return Optional.of(Json.read(Files.readString(file(name)), Order.class, name));
    } catch (IOException | RuntimeException e) {
      return Files.exists(file(name)) ? Optional.of(Order.STANDING) : Optional.empty();
    }
  }

  private void write(String name, Object value) {
    Path temporary = file(name + "." + ProcessHandle.current().pid() + ".tmp");
    try {
      Files.createDirectories(state);
      Files.writeString(temporary, Json.pretty(value), StandardCharsets.UTF_8);
      Files.move(temporary, file(name), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw ArchiveFailure.writing(file(name), e);
    }
  }

  private boolean delete(String name) {
    try {
      Files.delete(file(name));
      return true;
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw ArchiveFailure.writing(file(name), e);
    }
  }

  private Path file(String name) {
    return state.resolve(name);
  }
}
