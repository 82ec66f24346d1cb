package io.tideline.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A small disk in memory that really fills up: a tmpfs, which needs Linux and root. */
public final class FullDisk implements AutoCloseable {
  private static final int BLOCK = 4096;

  private final Path folder;

  private FullDisk(Path folder) {
    this.folder = folder;
  }

  /** Mounts a disk on an empty folder; skips the test where that is not possible. */
  public static FullDisk mount(Path folder, int kilobytes) {
    Assumptions.assumeTrue(
        System.getProperty("os.name").equals("Linux")
            && "root".equals(System.getProperty("user.name")),
        "a small disk needs Linux and root");
    String answer =
        run("mount", "-t", "tmpfs", "-o", "size=" + kilobytes + "k", "tmpfs", folder.toString());
    Assumptions.assumeTrue(answer.isEmpty(), () -> "this machine forbids mounts: " + answer);
    return new FullDisk(folder);
  }

  /** Where it is mounted. */
  public Path folder() {
    return folder;
  }

  /** The bytes that are free. */
  public long free() {
    try {
      return Files.getFileStore(folder).getUsableSpace();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Fills it up but for so many bytes, in whole blocks. */
  public void fillBut(long bytes) {
    Path filler = folder.resolve("filler");
    try (OutputStream out = Files.newOutputStream(filler)) {
      byte[] block = new byte[BLOCK];
      for (long left = free() - bytes; left >= BLOCK; left -= BLOCK) {
        out.write(block);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes room again. */
  public void empty() {
    try {
      Files.deleteIfExists(folder.resolve("filler"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    run("umount", "-l", folder.toString());
  }

  private static String run(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      boolean ended = process.waitFor(10, TimeUnit.SECONDS);
      return ended && process.exitValue() == 0 ? "" : answer.isEmpty() ? "failed" : answer;
    } catch (IOException e) {
      return e.toString();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return e.toString();
    }
  }
}
