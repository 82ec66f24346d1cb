package io.tideline.cli.serve;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The file in the state's folder that remembers what ran; replaced whole, so never half. */
final class Memory {
  static final String NAME = "serve.json";
  private static final String LOCK = "serve.lock";
  private static final Gson GSON =
      new GsonBuilder()
          .setPrettyPrinting()
          .registerTypeAdapter(Instant.class, new Instants().nullSafe())
          .create();

  private final Path file;
  private Content content = new Content();
  private boolean failed;
  private @Nullable FileChannel lock;

  private static final class Content {
    int version = 1;
    long seed = new Random().nextLong();
    Map<String, Mark> items = new LinkedHashMap<>();
  }

  private static final class Instants extends TypeAdapter<Instant> {
    @Override
    public void write(JsonWriter out, @Nullable Instant value) throws IOException {
      out.value(String.valueOf(value));
    }

    @Override
    public Instant read(JsonReader in) throws IOException {
      return Instant.parse(in.nextString());
    }
  }

  private Memory(Path file) {
    this.file = file;
  }

  /** What is remembered in a folder; nothing, and a word to {@code lost}, if it cannot be read. */
  static Memory in(Path folder, Consumer<String> lost) {
    Memory memory = new Memory(folder.resolve(NAME));
    memory.lock();
    try {
      Content read = GSON.fromJson(Files.readString(memory.file), Content.class);
      if (read == null || read.version != 1 || read.items.containsValue(null)) {
        throw new JsonParseException("no memory of this version");
      }
      memory.content = read;
    } catch (NoSuchFileException e) {
      return memory; // the first start
    } catch (IOException | RuntimeException e) {
      memory.content = new Content();
      lost.accept("Cannot read " + memory.file + ": what was missed is not known.");
    }
    return memory;
  }

  /** Whether another process remembers there: two would begin everything twice. */
  static boolean taken(Path folder) {
    Memory memory = new Memory(folder.resolve(NAME));
    boolean taken = memory.lock();
    memory.close();
    return taken;
  }

  /**
   * Keeps others away, where the file system can.
   *
   * @return whether another holds it
   */
  boolean lock() {
    try {
      Files.createDirectories(file.getParent());
      FileChannel channel =
          FileChannel.open(
              file.resolveSibling(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (channel.tryLock() == null) {
        channel.close();
        return true;
      }
      lock = channel;
      return false;
    } catch (OverlappingFileLockException e) {
      return true;
    } catch (IOException e) {
      return false; // that it cannot be written either is told when it is
    }
  }

  /** Lets others in. */
  void close() {
    try {
      if (lock != null) {
        lock.close();
      }
    } catch (IOException e) {
      failed = true; // it goes with the process
    }
    lock = null;
  }

  long seed() {
    return content.seed;
  }

  Map<String, Mark> marks() {
    return content.items;
  }

  /** Writes it down; tells once that it cannot. */
  void save(Consumer<String> trouble) {
    Path temporary = file.resolveSibling(NAME + ".tmp");
    try {
      Files.createDirectories(file.getParent());
      try (FileChannel out =
          FileChannel.open(
              temporary,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING)) {
        ByteBuffer bytes = ByteBuffer.wrap(GSON.toJson(content).getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
        out.force(true);
      }
      Files.move(
          temporary, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      failed = false;
    } catch (IOException e) {
      if (!failed) {
        failed = true;
        trouble.accept(
            "Cannot write "
                + file
                + " ("
                + e.getClass().getSimpleName()
                + "): a restart will not know what ran.");
      }
    }
  }
}
