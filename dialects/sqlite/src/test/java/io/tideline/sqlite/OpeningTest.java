package io.tideline.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.dialect.Database;
import io.tideline.dialect.DatabaseUrl;
import io.tideline.dialect.Dialect;
import io.tideline.dialect.Lease;
import io.tideline.dialect.Reader;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.Random;
import java.util.ServiceLoader;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OpeningTest {
  @TempDir Path folder;

  @Test
  void serviceLoaderFindsIt() {
    assertThat(ServiceLoader.load(Dialect.class))
        .anySatisfy(
            dialect -> {
              assertThat(dialect.name()).isEqualTo("sqlite");
              assertThat(dialect.schemes()).containsExactly("sqlite");
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain.db", "a b?mode=memory&c#d%20e.db", "täglich-日本.db", "q'\"uote.db"})
  void opensAnyNameByPathAndByUrl(String name) {
    Sandbox made = new Sandbox(folder).with("CREATE TABLE t(a)");
    Path path = folder.resolve(name);
    assertThat(made.path.toFile().renameTo(path.toFile())).isTrue();

    for (String url : new String[] {path.toString(), "sqlite:" + path, "sqlite://" + path}) {
      try (Database database = open(url)) {
        assertThat(database.catalogue().tables()).hasSize(1);
        assertThat(database.info().place()).isEqualTo(path.toString());
        assertThat(database.info().product()).startsWith("SQLite 3.");
        assertThat(database.info().readOnly()).isEmpty();
        assertThat(database.info().ownsClock()).isFalse();
      }
    }
    assertThat(folder.toFile().list()).containsExactly(name);
  }

  @Test
  void followsLinksToTheRealPath() throws IOException {
    Sandbox made = new Sandbox(folder).with("CREATE TABLE t(a)");
    Path link = Files.createSymbolicLink(folder.resolve("link.db"), made.path);
    try (Database database = open("sqlite:" + link)) {
      assertThat(database.info().place()).isEqualTo(made.path.toRealPath().toString());
    }
  }

  @Test
  void missingFileIsNeverCreated() {
    Path path = folder.resolve("none.db");
    assertFails(() -> open("sqlite:" + path), ErrorCode.DATABASE_MISSING)
        .hasMessage(
            "Cannot open the database "
                + path
                + ": there is no such file. Nothing was created or changed."
                + " Check the path; Tideline never creates a database.");
    assertThat(path).doesNotExist();
  }

  @Test
  void brokenLinkAndFolderAreMissing() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link.db"), folder.resolve("nothing"));
    assertFails(() -> open("sqlite:" + link), ErrorCode.DATABASE_MISSING)
        .hasMessageContaining("it is a link to nothing");
    assertFails(() -> open("sqlite:" + folder), ErrorCode.DATABASE_MISSING)
        .hasMessageContaining("it is a folder");
    assertThat(folder.resolve("nothing")).doesNotExist();
  }

  @Test
  void emptyFileIsAnEmptyDatabase() throws IOException {
    Path path = Files.createFile(folder.resolve("empty.db"));
    try (Database database = open("sqlite:" + path)) {
      assertThat(database.catalogue().tables()).isEmpty();
    }
    assertThat(path).isEmptyFile();
  }

  @Test
  void textIsNoDatabase() throws IOException {
    Path path = Files.writeString(folder.resolve("text.db"), "dear diary, ".repeat(200));
    assertFails(() -> open("sqlite:" + path), ErrorCode.DATABASE_NOT_A_DATABASE)
        .hasMessageContaining("it is not a SQLite database");
  }

  @Test
  void randomBytesLookEncryptedAndPackedOnesDoNot() throws IOException {
    byte[] bytes = new byte[8192];
    new Random(7).nextBytes(bytes);
    Path path = Files.write(folder.resolve("random.db"), bytes);
    assertFails(() -> open("sqlite:" + path), ErrorCode.DATABASE_ENCRYPTED)
        .hasMessageContaining("it looks encrypted");

    bytes[0] = 'P';
    bytes[1] = 'K';
    bytes[2] = 3;
    bytes[3] = 4;
    Path zip = Files.write(folder.resolve("packed.db"), bytes);
    assertFails(() -> open("sqlite:" + zip), ErrorCode.DATABASE_NOT_A_DATABASE);
  }

  @ParameterizedTest
  @ValueSource(ints = {18, 19})
  void newerFormatIsTold(int position) throws IOException {
    Sandbox made = new Sandbox(folder).with("CREATE TABLE t(a)");
    patch(made.path, position, 3);
    assertFails(() -> open("sqlite:" + made.path), ErrorCode.DATABASE_TOO_NEW)
        .hasMessageContaining("newer than this SQLite knows");
  }

  @Test
  void newerSchemaIsTold() throws IOException {
    Sandbox made = new Sandbox(folder).with("CREATE TABLE t(a)");
    patch(made.path, 47, 5);
    assertFails(() -> open("sqlite:" + made.path), ErrorCode.DATABASE_TOO_NEW)
        .hasMessageContaining("its schema format is newer than this SQLite knows");
  }

  @Test
  void impossiblePathIsMissing() {
    assertFails(() -> open("sqlite:a\0b"), ErrorCode.DATABASE_MISSING)
        .hasMessageContaining("its path is none");
  }

  @Test
  void immutableFileIsReadWithoutALog() throws Exception {
    Sandbox made = new Sandbox(folder).with("PRAGMA journal_mode=WAL", "CREATE TABLE t(a)");
    DatabaseFile file = new DatabaseFile(made.path, "the file is read-only", true);
    try (Session session = Session.openReading(file)) {
      assertThat(session.strings("SELECT name FROM sqlite_schema").get(0)).containsExactly("t");
    }
    assertThat(folder.toFile().list()).containsExactly("test.db");
  }

  @Test
  void damagedHeaderAndPagesAreCorrupt() throws IOException {
    Sandbox made = new Sandbox(folder).with("CREATE TABLE t(a)");
    patch(made.path, 16, 3);
    assertFails(() -> open("sqlite:" + made.path), ErrorCode.DATABASE_CORRUPT)
        .hasMessageContaining("its header is damaged");
    patch(made.path, 16, 0x10);
    for (int i = 100; i < 120; i++) {
      patch(made.path, i, 0xFF);
    }
    assertFails(() -> open("sqlite:" + made.path), ErrorCode.DATABASE_CORRUPT)
        .hasMessageContaining("malformed");
  }

  @Test
  void lockedByAnotherIsBusy() throws Exception {
    Sandbox made = new Sandbox(folder).with("CREATE TABLE t(a)");
    try (Connection other = made.connect();
        var statement = other.createStatement()) {
      statement.execute("BEGIN EXCLUSIVE");
      assertFails(() -> open("sqlite:" + made.path), ErrorCode.DATABASE_BUSY)
          .hasMessageContaining("another process holds the exclusive lock for longer than 5 s");
      statement.execute("ROLLBACK");
    }
  }

  @Test
  void opensWhileAnotherWrites() throws Exception {
    Sandbox made = new Sandbox(folder).with("CREATE TABLE t(a)");
    try (Connection other = made.connect();
        var statement = other.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      statement.execute("INSERT INTO t VALUES (1)");
      try (Database database = open("sqlite:" + made.path)) {
        assertThat(database.info().readOnly()).isEmpty();
      }
      statement.execute("COMMIT");
    }
    assertThat(made.rows("SELECT a FROM t")).containsExactly("1");
  }

  @Test
  void readOnlyFileIsReadAndSaysWhy() throws IOException {
    for (String mode : new String[] {"DELETE", "WAL"}) {
      Sandbox made =
          new Sandbox(folder)
              .with("PRAGMA journal_mode=" + mode, "CREATE TABLE IF NOT EXISTS t(a)");
      DatabaseFile file = new DatabaseFile(made.path.toRealPath(), "the file is read-only", false);
      try (Session session = Opening.open(file)) {
        assertThat(CatalogueReader.read(session).tables()).hasSize(1);
      }
    }
  }

  @Test
  void leaseOfAReadOnlyDatabaseIsRefused() {
    Sandbox made = new Sandbox(folder).with("CREATE TABLE t(a)");
    assertThat(made.path.toFile().setReadOnly()).isTrue();
    if (Files.isWritable(made.path)) {
      return; // The superuser may write to anything.
    }
    try (Database database = open("sqlite:" + made.path)) {
      assertThat(database.info().readOnly()).isEqualTo("the file is read-only");
      assertFails(database::acquireLease, ErrorCode.DATABASE_READ_ONLY);
    }
  }

  @Test
  void readersCannotWriteAndLeaveNothingBehind() {
    Sandbox made = new Sandbox(folder).with("CREATE TABLE t(a)", "INSERT INTO t VALUES (1)");
    try (Database database = open("sqlite:" + made.path);
        Reader reader = database.openReader()) {
      assertThat(reader.count(database.resolve(database.catalogue(), "t"), java.util.List.of()))
          .isEqualTo(1);
      assertThat(database.size().total()).isEqualTo(8192);
      assertThat(database.size().free()).isZero();
      assertThat(database.size().log()).isZero();
      assertThat(database.identity()).isEmpty();
    }
    assertThat(folder.toFile().list()).containsExactly("test.db");
  }

  @Test
  void walAllowsConcurrentReadsAndRollbackDoesNot() {
    Sandbox made = new Sandbox(folder).with("CREATE TABLE t(a)");
    try (Database database = open("sqlite:" + made.path)) {
      assertThat(database.info().concurrentReads()).isFalse();
    }
    made.with("PRAGMA journal_mode=WAL", "INSERT INTO t VALUES (1)");
    try (Database database = open("sqlite:" + made.path);
        Lease lease = database.acquireLease()) {
      assertThat(database.info().concurrentReads()).isTrue();
      assertThat(lease.identity().place()).isEqualTo(made.path.toString());
    }
  }

  private static Database open(String url) {
    return new SqliteDialect().open(new DatabaseUrl(url));
  }

  private static void patch(Path path, int position, int value) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.seek(position);
      file.write(value);
    }
  }

  static org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> assertFails(
      ThrowingCallable call, ErrorCode code) {
    return assertThatThrownBy(call)
        .isInstanceOfSatisfying(TidelineException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
