package io.tideline.core.payload;

import io.tideline.core.archive.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files on their way out of a store: {@code .trash/<sweep>/<place>}. A file comes and goes by
 * rename alone, and never over another.
 */
final class Trash {
  private static final Pattern SWEEP = Pattern.compile("\\d{8}T\\d{9}Z-[0-9a-f]{6}");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmssSSS'Z'");

  private final StoreFolder store;
  private final Storage storage;
  private final Path root;

  Trash(StoreFolder store) {
    this.store = store;
    this.storage = store.storage();
    this.root = store.root().resolve(StoreFolder.TRASH);
  }

  /**
   * A file in the trash.
   *
   * @param run the sweep that moved it there
   * @param at when that sweep began
   * @param found the file, its path relative to the sweep's folder: the place it came from
   */
  record Trashed(String run, Instant at, StoreFolder.Found found) {
    long bytes() {
      return found.attributes().size();
    }
  }

  /** Its folder. */
  Path root() {
    return root;
  }

  /** The file of a hash that a sweep moved. */
  Path file(String run, String hash) {
    return root.resolve(run).resolve(store.layout().place(hash));
  }

  /** Every file in its place within the trash; anything else there is left alone. */
  void walk(Consumer<Trashed> files, BiConsumer<String, String> unreadable) {
    for (Path run : sweeps(unreadable)) {
      String name = run.getFileName().toString();
      Instant at;
      try {
        at =
            LocalDateTime.parse(name.substring(0, name.indexOf('-')), TIME)
                .toInstant(ZoneOffset.UTC);
      } catch (DateTimeParseException e) {
        continue; // no sweep made it
      }
      store.walk(
          run,
          false,
          new StoreFolder.Visitor() {
            @Override
            public void found(StoreFolder.Found found) {
              if (found.kind() == StoreFolder.Kind.PLACED) {
                files.accept(new Trashed(name, at, found));
              }
            }

            @Override
            public void unreadable(String path, String reason) {
              unreadable.accept(StoreFolder.TRASH + "/" + name + "/" + path, reason);
            }
          });
    }
  }

  private List<Path> sweeps(BiConsumer<String, String> unreadable) {
    if (!Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(root)) {
      return all.filter(path -> SWEEP.matcher(path.getFileName().toString()).matches())
          .filter(path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
          .sorted()
          .toList();
    } catch (IOException e) {
      unreadable.accept(StoreFolder.TRASH, StoreFolder.reason(e));
      return List.of();
    }
  }

  /**
   * Moves a file of the store into the trash.
   *
   * @return whether it is there now; not if it changed since it was judged
   */
  boolean take(String run, StoreFolder.Found found) throws IOException {
    Path from = found.file();
    requireReal(from);
    Path to = root.resolve(run).resolve(found.path());
    storage.createFolder(parent(to));
    storage.rename(from, to);
    if (same(found.attributes(), StoreFolder.attributes(to))) {
      return true;
    }
    storage.rename(to, from); // another file took its name just now
    return false;
  }

  /**
   * Moves a file back to its place.
   *
   * @return whether it is there now; not if another file has the place
   */
  boolean giveBack(Trashed file) throws IOException {
    Path to = store.root().resolve(file.found().path());
    if (Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    storage.createFolder(parent(to));
    requireReal(to);
    storage.rename(file.found().file(), to);
    return true;
  }

  /** The file that has the place of a trashed one. */
  Path place(Trashed file) {
    return store.root().resolve(file.found().path());
  }

  /** Removes a file for good. */
  void remove(Trashed file) throws IOException {
    requireReal(file.found().file());
    storage.delete(file.found().file());
  }

  /** Removes folders of earlier sweeps that hold nothing. */
  void tidy() {
    sweeps((path, reason) -> {}).forEach(this::removeEmpty);
  }

  private void removeEmpty(Path folder) {
    try {
      try (Stream<Path> all = Files.list(folder)) {
        all.filter(path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
            .forEach(this::removeEmpty);
      }
      storage.delete(folder);
    } catch (IOException e) {
      // It is not empty, or somebody else's: it does no harm.
    }
  }

  /** No folder on the way is a link: a move never leaves the store. */
  private static void requireReal(Path file) throws IOException {
    Path folder = parent(file);
    if (!folder.toRealPath().equals(folder)) {
      throw new IOException("a folder of it is a link now");
    }
  }

  private static Path parent(Path file) {
    return Objects.requireNonNull(file.getParent());
  }

  private static boolean same(BasicFileAttributes before, BasicFileAttributes now) {
    return now.isRegularFile()
        && now.size() == before.size()
        && now.lastModifiedTime().equals(before.lastModifiedTime())
        && Objects.equals(now.fileKey(), before.fileKey());
  }
}
