package io.tideline.core.payload;

import io.tideline.core.archive.Json;
import io.tideline.core.archive.Manifest;
import io.tideline.core.archive.Storage;
import io.tideline.dialect.SourceIdentity;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;

/** Whose store a folder is: files of a database must never be judged by another's references. */
final class StoreOwner {
  private static final String NAME = "store.json";

  private final StoreFolder store;
  private final Path folder;
  private final Path file;

  StoreOwner(StoreFolder store, Trash trash) {
    this.store = store;
    this.folder = trash.root();
    this.file = folder.resolve(NAME);
  }

  private record Mark(int version, SourceIdentity source) {}

  /**
   * Refuses a store that another database sweeps.
   *
   * @throws io.tideline.error.TidelineException {@code PAYLOADS_UNUSABLE}
   */
  void check(SourceIdentity source) {
    try {
      Mark mark = Json.read(Files.readString(file), Mark.class, file.toString());
      if (!mark.source().sameAs(source)) {
        throw StoreFolder.unusable(
            store.root(),
            "it belongs to another database, " + mark.source().place(),
            "Give each database a folder of its own; if this one took the other's place, delete "
                + file
                + ".");
      }
    } catch (NoSuchFileException e) {
      // Nobody swept it yet.
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /**
   * Makes it this database's, if it is nobody's.
   *
   * @return when the file system says that this was
   */
  FileTime claim(SourceIdentity source) {
    Storage storage = store.storage();
    Path temporary = file.resolveSibling(NAME + ".tmp");
    try {
      storage.createFolder(folder);
      storage.delete(temporary);
      try (OutputStream out = storage.create(temporary)) {
        out.write(Json.pretty(new Mark(Manifest.VERSION, source)).getBytes(StandardCharsets.UTF_8));
      }
      FileTime written = StoreFolder.attributes(temporary).lastModifiedTime();
      if (Files.exists(file)) {
        storage.delete(temporary);
      } else {
        storage.sync(temporary);
        storage.rename(temporary, file);
        storage.syncFolderOf(file);
      }
      return written;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private RuntimeException failed(IOException e) {
    return StoreFolder.unusable(store.root(), StoreFolder.reason(e), "Mend the folder's rights.");
  }
}
