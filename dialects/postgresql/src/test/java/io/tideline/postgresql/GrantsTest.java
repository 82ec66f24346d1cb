package io.tideline.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.catalogue.TableName;
import io.tideline.dialect.Database;
import io.tideline.dialect.Grant;
import io.tideline.dialect.Need;
import io.tideline.dialect.Right;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GrantsTest extends TableCase {
  private static final List<Need> NEEDS =
      List.of(
          new Need(
              new TableName("My s", "t \"1\""), Set.of(Right.SELECT, Right.LOCK, Right.DELETE)),
          new Need(new TableName("My s", "child"), Set.of(Right.SELECT, Right.UPDATE, Right.LOCK)),
          new Need(new TableName("My s", "t_archive"), Set.of(Right.CREATE)));

  @Test
  void eachStatementGivesWhatItSays() throws SQLException {
    postgres.execute(
        "CREATE SCHEMA \"My s\"",
        "CREATE TABLE \"My s\".\"t \"\"1\"\"\" (id int PRIMARY KEY, v int)",
        "CREATE TABLE \"My s\".child (id int PRIMARY KEY, v int)",
        "DROP ROLE IF EXISTS \"the role\"",
        "CREATE ROLE \"the role\" LOGIN",
        "GRANT DELETE ON \"My s\".\"t \"\"1\"\"\" TO \"the role\"",
        "GRANT UPDATE (id) ON \"My s\".child TO \"the role\"");
    try (Database database = postgres.open("the%20role")) {
      List<Grant> grants = database.grants(NEEDS);
      assertThat(grants)
          .containsExactly(
              new Grant("GRANT USAGE, CREATE ON SCHEMA \"My s\" TO \"the role\";", true),
              new Grant("GRANT DELETE ON \"My s\".\"t \"\"1\"\"\" TO \"the role\";", false),
              new Grant("GRANT SELECT, UPDATE ON \"My s\".\"t \"\"1\"\"\" TO \"the role\";", true),
              new Grant("GRANT SELECT, UPDATE ON \"My s\".\"child\" TO \"the role\";", true));
      for (Grant grant : grants) {
        postgres.execute(grant.statement());
      }
      assertThat(database.grants(NEEDS)).noneMatch(Grant::missing);
    } finally {
      postgres.execute("DROP OWNED BY \"the role\"", "DROP ROLE \"the role\"");
    }
  }

  @Test
  void oneColumnIsEnoughToLock() throws SQLException {
    postgres.execute(
        "CREATE TABLE t (id int PRIMARY KEY, v int)",
        "DROP ROLE IF EXISTS locker",
        "CREATE ROLE locker LOGIN",
        "GRANT SELECT, DELETE, UPDATE (v) ON t TO locker");
    try (Database database = postgres.open("locker")) {
      TableName t = new TableName("public", "t");
      assertThat(database.grants(List.of(new Need(t, Set.of(Right.LOCK)))))
          .noneMatch(Grant::missing);
      assertThat(database.grants(List.of(new Need(t, Set.of(Right.UPDATE)))))
          .contains(new Grant("GRANT UPDATE ON \"public\".\"t\" TO \"locker\";", true));
      assertThat(database.resolve(database.catalogue(), "t").obstacles()).isEmpty();
    } finally {
      postgres.execute("DROP OWNED BY locker", "DROP ROLE locker");
    }
  }
}
