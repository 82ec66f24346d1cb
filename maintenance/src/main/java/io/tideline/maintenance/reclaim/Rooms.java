package io.tideline.maintenance.reclaim;

import io.tideline.core.archive.ArchiveFailure;
import io.tideline.core.archive.Storage;
import io.tideline.dialect.ReclaimOption.Room;
import io.tideline.error.TidelineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks for room on disks. What lies on one file system is needed there at once. */
public final class Rooms {
  private final Storage storage;

  /** Looks by a storage. */
  public Rooms(Storage storage) {
    this.storage = storage;
  }

  /**
   * A room that is not there.
   *
   * @param needed the bytes that must be free
   * @param free those that are
   */
  public record Lack(Path at, long needed, long free) {}

  /** Whether there is room for all; not if nobody can tell. */
  boolean fit(List<Room> rooms) {
    try {
      return lack(rooms).isEmpty();
    } catch (TidelineException e) {
      return false;
    }
  }

  /**
   * The first room that is not there.
   *
   * @throws TidelineException if a place cannot be looked at
   */
  public Optional<Lack> lack(List<Room> rooms) {
    Map<Object, Long> needed = new HashMap<>();
    for (Room room : rooms) {
      try {
        long all = needed.merge(disk(room.at()), room.bytes(), Long::sum);
        long free = storage.usableBytes(room.at());
        if (free < all) {
          return Optional.of(new Lack(room.at(), all, free));
        }
      } catch (IOException e) {
        throw ArchiveFailure.reading(room.at(), e);
      }
    }
    return Optional.empty();
  }

  private static Object disk(Path at) throws IOException {
    Path there = at.toAbsolutePath();
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    return Files.getFileStore(there);
  }
}
