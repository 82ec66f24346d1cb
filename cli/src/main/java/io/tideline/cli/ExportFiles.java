package io.tideline.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** The files of one export, none of which may exist. */
final class ExportFiles {
  private final Path folder;
  private final FileNames names = new FileNames();
  private final JsonArray written = new JsonArray();

  ExportFiles(Path folder) {
    this.folder = folder;
  }

  /** Writes rows to a stream. */
  interface Content {
    /** Gives the number of rows. */
    long write(PrintStream out);
  }

  /**
   * Writes a file.
   *
   * @param of what is in it: the member of the answer and its name
   * @return the file, for a person
   */
  JsonObject write(String of, String name, String ending, Content content) {
    Path file = folder.resolve(names.of(name, ending));
    long count;
    try {
      Files.createDirectories(folder);
      try (PrintStream out =
          new PrintStream(
              Files.newOutputStream(file, StandardOpenOption.CREATE_NEW),
              false,
              StandardCharsets.UTF_8)) {
        count = content.write(out);
        if (out.checkError()) {
          throw failed(file, "the file could not be written to its end", null);
        }
      }
    } catch (FileAlreadyExistsException e) {
      throw failed(file, "it exists already", e);
    } catch (IOException e) {
      throw failed(file, String.valueOf(e.getMessage()), e);
    }
    JsonObject object = new JsonObject();
    object.addProperty(of, name);
    object.addProperty("file", file.toString());
    object.addProperty("rows", count);
    written.add(object);
    return object;
  }

  /** What was written. */
  JsonArray written() {
    return written;
  }

  private static TidelineException failed(Path file, String why, @Nullable Exception cause) {
    return new TidelineException(
        cause instanceof FileAlreadyExistsException
            ? ErrorCode.ARGUMENT_INVALID
            : ErrorCode.ARCHIVE_WRITE_FAILED,
        "Cannot export to " + file + ": " + why + ".",
        "Database and archive are unchanged.",
        "Name another folder with --to.",
        cause);
  }
}
