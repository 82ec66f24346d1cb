package io.tideline.core.payload;

import io.tideline.core.archive.Storage;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.policy.PayloadLayout;
import io.tideline.policy.Payloads;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.regex.Pattern;

/** The folder of a payload store, walked file by file; links are never followed. */
final class StoreFolder {
  /** The folder within it for files on their way out. */
  static final String TRASH = ".trash";

  private static final Pattern HASH =
      Pattern.compile("(?<![0-9a-f])[0-9a-f]{" + Payloads.HASH_LENGTH + "}(?![0-9a-f])");

  private final Path root;
  private final PayloadLayout layout;
  private final Storage storage;

  private StoreFolder(Path root, PayloadLayout layout, Storage storage) {
    this.root = root;
    this.layout = layout;
    this.storage = storage;
  }

  /** What an entry is. */
  enum Kind {
    PLACED,
    MISFILED,
    STRANGE,
    LINK
  }

  /**
   * One entry that is no folder.
   *
   * @param path relative to where the walk began, with slashes
   * @param hash its hash, for a file in its place
   * @param attributes its own attributes, never those of what it links to; those of the walk's root
   *     where only names were asked for
   */
  record Found(
      Path file, String path, Kind kind, Optional<String> hash, BasicFileAttributes attributes) {}

  /** Takes what a walk finds. */
  interface Visitor {
    /** Takes one entry. */
    void found(Found found);

    /** Hears of a folder that could not be read. */
    void unreadable(String path, String reason);
  }

  /**
   * Opens the folder.
   *
   * @throws TidelineException {@code PAYLOADS_UNUSABLE} if it is missing, a link, or no folder
   */
  static StoreFolder open(Payloads payloads, Storage storage) {
    Path folder = payloads.folder().toAbsolutePath().normalize();
    if (Files.isSymbolicLink(folder)) {
      throw unusable(folder, "it is a link", "Name the folder that the link leads to.");
    }
    try {
      Path real = folder.toRealPath();
      if (!Files.isDirectory(real)) {
        throw unusable(folder, "it is no folder", "Name the folder of the payloads.");
      }
      if (Files.isSymbolicLink(real.resolve(TRASH))) {
        throw unusable(folder, "its " + TRASH + " is a link", "Remove the link.");
      }
      return new StoreFolder(real, payloads.paths(), storage);
    } catch (NoSuchFileException e) {
      throw unusable(folder, "it is not there", "Mount it, or name the right folder.");
    } catch (IOException e) {
      throw unusable(folder, reason(e), "Mend the folder or its rights.");
    }
  }

  /** Its real path. */
  Path root() {
    return root;
  }

  /** How files lie in it. */
  PayloadLayout layout() {
    return layout;
  }

  /** How files are moved. */
  Storage storage() {
    return storage;
  }

  /** Walks the store, without the trash. */
  void walk(boolean namesOnly, Visitor visitor) {
    walk(root, namesOnly, visitor);
  }

  /** Walks a folder whose files lie as those of the store do. */
  void walk(Path from, boolean namesOnly, Visitor visitor) {
    try {
      BasicFileAttributes own = attributes(from);
      if (!own.isDirectory()) {
        visitor.unreadable(from.getFileName().toString(), "it is no folder");
        return;
      }
      walk(from, "", namesOnly ? Optional.of(own) : Optional.empty(), visitor);
    } catch (IOException e) {
      visitor.unreadable(from.toString(), reason(e));
    }
  }

  private void walk(
      Path folder, String prefix, Optional<BasicFileAttributes> names, Visitor visitor) {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        String path = prefix + entry.getFileName();
        if (!path.equals(TRASH) || !folder.equals(root)) {
          entry(entry, path, names, visitor);
        }
      }
    } catch (NoSuchFileException e) {
      // It went while the walk was on its way: so did what was in it.
    } catch (IOException e) {
      visitor.unreadable(prefix.isEmpty() ? "." : prefix, reason(e));
    } catch (DirectoryIteratorException e) {
      visitor.unreadable(prefix.isEmpty() ? "." : prefix, "its entries cannot be listed");
    }
  }

  private void entry(Path entry, String path, Optional<BasicFileAttributes> names, Visitor visitor)
      throws IOException {
    Optional<String> hash = layout.hash(path);
    if (names.isPresent() && hash.isPresent()) {
      visitor.found(new Found(entry, path, Kind.PLACED, hash, names.get()));
      return;
    }
    BasicFileAttributes attributes;
    try {
      attributes = attributes(entry);
    } catch (NoSuchFileException e) {
      return;
    }
    if (attributes.isDirectory()) {
      walk(entry, path + "/", names, visitor);
    } else {
      Kind kind =
          !attributes.isRegularFile()
              ? Kind.LINK
              : hash.isPresent()
                  ? Kind.PLACED
                  : HASH.matcher(entry.getFileName().toString()).find()
                      ? Kind.MISFILED
                      : Kind.STRANGE;
      visitor.found(new Found(entry, path, kind, hash, attributes));
    }
  }

  /** The attributes of a file itself. */
  static BasicFileAttributes attributes(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  /** Why something could not be done, for a person. */
  static String reason(IOException e) {
    return e instanceof AccessDeniedException
        ? "permission denied"
        : e.getClass().getSimpleName() + ": " + e.getMessage();
  }

  static TidelineException unusable(Path folder, String why, String mend) {
    return new TidelineException(
        ErrorCode.PAYLOADS_UNUSABLE,
        "Cannot use the payload folder " + folder + ": " + why + ".",
        "No file was moved or removed.",
        mend);
  }
}
