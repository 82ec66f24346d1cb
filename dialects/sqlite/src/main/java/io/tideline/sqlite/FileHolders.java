package io.tideline.sqlite;

import io.tideline.dialect.UnseenException;
import io.tideline.health.Activity.Opener;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Who has a database's file open, and who holds SQLite's locks on it, by the system's own tables.
 * No file of the database is opened for that: closing it would drop SQLite's locks.
 *
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_locks.5.html">/proc/locks</a>
 * @see <a href="https://sqlite.org/walformat.html#wal_locks">the locks of a log's index</a>
 */
final class FileHolders {
  private static final Path PROC = Path.of("/proc");

  /** Bytes of the {@code -shm} file: the write lock, then read marks. */
  private static final long LOG_WRITE = 120;

  private static final long LOG_READ = 123;
  private static final long LOG_READ_LAST = 127;

  /** Bytes of the database's own file (https://sqlite.org/src/file/src/os.h). */
  private static final long PENDING = 0x40000000L;

  private static final long RESERVED = PENDING + 1;

  static final String WRITES = "the write lock";
  private static final String READS = "a read lock";

  private final DatabaseFile file;

  FileHolders(DatabaseFile file) {
    this.file = file;
  }

  /**
   * The other processes that have it open.
   *
   * @throws UnseenException if this system has no such tables
   */
  List<Opener> look() {
    if (!Files.isDirectory(PROC.resolve("self/fd"))) {
      throw new UnseenException("this system does not tell who has files open");
    }
    Map<Long, String> locks = locks(false);
    Map<Long, String> here = locks(true);
    List<Opener> found = new ArrayList<>();
    long self = ProcessHandle.current().pid();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        long pid = Long.parseLong(String.valueOf(process.getFileName()));
        if (pid != self && opens(process).orElse(here.containsKey(pid))) {
          found.add(new Opener(pid, name(process), locks.getOrDefault(pid, "")));
        }
      }
    } catch (IOException e) {
      throw new UnseenException("this system does not tell who has files open", e);
    }
    return found;
  }

  /** Who holds the write lock, for a person; empty if nobody does, or nobody tells. */
  String writers() {
    try {
      return look().stream()
          .filter(each -> each.holds().equals(WRITES))
          .map(each -> each.name() + " (process " + each.pid() + ")")
          .collect(Collectors.joining(", "));
    } catch (UnseenException e) {
      return "";
    }
  }

  /** Whether a process surely has it open: one of another user does not tell. */
  boolean opens(long pid) {
    return opens(PROC.resolve(Long.toString(pid))).orElse(false);
  }

  /**
   * Whether a process has it open, by whatever name: containers and links have their own. Its locks
   * alone do not prove it: they are told by a number that files of several file systems may have.
   * Another user's process does not tell.
   */
  private Optional<Boolean> opens(Path process) {
    Optional<Place> own = Place.of(file.path());
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path descriptor : descriptors) {
        if (own.isPresent() && Place.of(descriptor).equals(own)) {
          return Optional.of(true);
        }
      }
      return Optional.of(false);
    } catch (IOException e) {
      return Optional.empty(); // it has ended, or is another user's
    }
  }

  private static String name(Path process) {
    try {
      return Files.readString(process.resolve("comm")).strip();
    } catch (IOException e) {
      return "unknown";
    }
  }

  /**
   * What each process holds.
   *
   * @param here whether only on the file system of the database, as far as the system tells: some
   *     name another device there than of the file itself
   */
  private Map<Long, String> locks(boolean here) {
    Map<Long, String> held = new HashMap<>();
    boolean logged = Files.exists(file.beside("-shm"));
    Optional<Place> own = Place.of(file.path());
    Optional<Place> index = Place.of(file.beside("-shm"));
    try {
      for (String line : Files.readAllLines(PROC.resolve("locks"))) {
        String[] words = line.strip().split("\\s+");
        if (words.length < 8 || words[1].equals("->")) {
          continue;
        }
        String what = "";
        if (index.filter(place -> place.named(words[5], here)).isPresent()) {
          what = inLog(Long.parseLong(words[6]));
        } else if (!logged && own.filter(place -> place.named(words[5], here)).isPresent()) {
          what = inFile(words[3], Long.parseLong(words[6]));
        }
        if (!what.isEmpty()) {
          held.merge(Long.parseLong(words[4]), what, (one, two) -> one.equals(WRITES) ? one : two);
        }
      }
    } catch (IOException | NumberFormatException e) {
      return held; // a system without that table
    }
    return held;
  }

  private static String inLog(long from) {
    if (from == LOG_WRITE) {
      return WRITES;
    }
    return from >= LOG_READ && from <= LOG_READ_LAST ? READS : "";
  }

  private static String inFile(String kind, long from) {
    if (kind.equals("WRITE") && from >= PENDING) {
      return WRITES;
    }
    return from > RESERVED ? READS : "";
  }

  /** Where a file is, whatever its name: nothing is opened to learn that. */
  private record Place(long device, String inode) {
    static Optional<Place> of(Path path) {
      try {
        return Optional.of(
            new Place(
                (Long) Files.getAttribute(path, "unix:dev"),
                String.valueOf(Files.getAttribute(path, "unix:ino"))));
      } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
        return Optional.empty(); // it is gone, or the system has no such numbers
      }
    }

    /** Whether the system's table of locks names it: {@code fe:00:2795251}. */
    boolean named(String text, boolean deviceToo) {
      String[] numbers = text.split(":");
      return numbers.length == 3
          && numbers[2].equals(inode)
          && (!deviceToo
              || Long.parseLong(numbers[0], 16) == major()
                  && Long.parseLong(numbers[1], 16) == minor());
    }

    private long major() {
      return device >>> 8 & 0xfff | device >>> 32 & ~0xfffL;
    }

    private long minor() {
      return device & 0xff | device >>> 12 & ~0xffL;
    }
  }
}
