package io.tideline.core.archive;

import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Writes and reads the JSON files of an archive, whole and durable or not at all. */
final class MetadataFiles {
  static final String TEMPORARY = ".tmp";

  private final Storage storage;

  MetadataFiles(Storage storage) {
    this.storage = storage;
  }

  /** Where a file is written before it has its name. */
  static Path temporary(Path file) {
    return file.resolveSibling(file.getFileName() + TEMPORARY);
  }

  /** Writes a file that is not there yet; {@code written} is called before it gets its name. */
  void writeOnce(Path file, String content, Runnable written) {
    Path temporary = temporary(file);
    try {
      write(temporary, content);
      written.run();
      storage.rename(temporary, file);
      storage.syncFolderOf(file);
    } catch (IOException e) {
      throw ArchiveFailure.writing(file, e);
    }
  }

  /** Writes a file in the place of one that may be there. */
  void replace(Path file, String content) {
    Path temporary = temporary(file);
    try {
      write(temporary, content);
      storage.replace(temporary, file);
      storage.syncFolderOf(file);
    } catch (IOException e) {
      throw ArchiveFailure.writing(file, e);
    }
  }

  private void write(Path file, String content) throws IOException {
    storage.delete(file);
    try (OutputStream out = storage.create(file)) {
      out.write(content.getBytes(StandardCharsets.UTF_8));
    }
    storage.sync(file);
  }

  /**
   * Reads a file; empty if it is not there.
   *
   * @throws TidelineException {@code ARCHIVE_CORRUPT}, {@code ARCHIVE_TOO_NEW}
   */
  static <T> Optional<T> read(Path file, Class<T> type) {
    String json;
    try {
      json = Files.readString(file);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw ArchiveFailure.reading(file, e);
    }
    refuseNewer(file, json);
    return Optional.of(Json.read(json, type, file.toString()));
  }

  private static void refuseNewer(Path file, String json) {
    int version;
    try {
      var member = JsonParser.parseString(json).getAsJsonObject().get("version");
      version = member == null ? Manifest.VERSION : member.getAsInt();
    } catch (JsonParseException | IllegalStateException | NumberFormatException e) {
      return; // Json.read says what is wrong
    }
    if (version > Manifest.VERSION) {
      throw new TidelineException(
          ErrorCode.ARCHIVE_TOO_NEW,
          "Cannot read "
              + file
              + ": it has version "
              + version
              + ", this Tideline knows "
              + Manifest.VERSION
              + ".",
          "Nothing was changed.",
          "Use the newer Tideline that wrote it.");
    }
  }
}
