package io.tideline.postgresql;

import io.tideline.catalogue.Obstacle;
import io.tideline.catalogue.TableName;
import java.util.ArrayList;
import java.util.List;

/** Tells why a table's rows cannot be cleaned. */
final class Obstacles {
  static final String NO_KEY = "it has no key";
  static final String RIGHT = "lacks the right to";

  private Obstacles() {}

  /** What decides. */
  record Facts(
      TableName name,
      String role,
      String kind,
      boolean keyed,
      boolean mayEnter,
      boolean maySelect,
      boolean secured,
      List<String> insteadRules,
      boolean unidentified,
      boolean oddNames) {}

  /** The obstacles, none for an ordinary table. */
  static List<Obstacle> of(Facts facts) {
    switch (facts.kind()) {
      case "v":
        return List.of(new Obstacle("it is a view", "Name the table that the view reads."));
      case "m":
        return List.of(
            new Obstacle("it is a materialised view", "Name the table that the view reads."));
      case "f":
        return List.of(
            new Obstacle("it is a foreign table", "Run Tideline on the database that holds it."));
      default:
        break;
    }
    List<Obstacle> obstacles = new ArrayList<>();
    if (!facts.keyed()) {
      obstacles.add(
          new Obstacle(
              NO_KEY,
              "Add a primary key, or a unique index over columns that are NOT NULL; deferrable and"
                  + " partial ones do not serve."));
    }
    for (String rule : facts.insteadRules()) {
      obstacles.add(
          new Obstacle(
              "the rule " + rule + " does something INSTEAD of a DELETE",
              "Drop the rule, or disable it for the run."));
    }
    if (facts.unidentified()) {
      obstacles.add(
          new Obstacle(
              "a publication publishes its deletes, and it has no replica identity",
              "Run as its owner: ALTER TABLE "
                  + Sql.quote(facts.name())
                  + " REPLICA IDENTITY FULL; or name an index with USING INDEX."));
    }
    if (facts.secured()) {
      obstacles.add(
          new Obstacle(
              "row-level security would hide rows from the role " + facts.role(),
              "Run as its owner: ALTER ROLE " + Sql.quote(facts.role()) + " BYPASSRLS;"));
    }
    addRights(facts, obstacles);
    if (facts.oddNames()) {
      obstacles.add(
          new Obstacle(
              "its names are not ASCII in a database of the encoding SQL_ASCII",
              "Rename the table or columns, or move the database to UTF8."));
    }
    return obstacles;
  }

  /** Rights to read; what else is needed depends on what is to become of the rows. */
  private static void addRights(Facts facts, List<Obstacle> obstacles) {
    if (!facts.mayEnter()) {
      obstacles.add(
          new Obstacle(
              "the role "
                  + facts.role()
                  + " "
                  + RIGHT
                  + " USAGE of the schema "
                  + facts.name().schema(),
              Grants.advice(Grants.schema("USAGE", facts.name().schema(), facts.role()))));
    }
    if (!facts.maySelect()) {
      obstacles.add(
          new Obstacle(
              "the role " + facts.role() + " " + RIGHT + " SELECT",
              Grants.advice(Grants.table("SELECT", facts.name(), facts.role()))));
    }
  }
}
