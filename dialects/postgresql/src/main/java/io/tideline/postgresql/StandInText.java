package io.tideline.postgresql;

import io.tideline.catalogue.TableName;
import io.tideline.tuning.QueryText;
import io.tideline.tuning.SqlPart;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/** Finds the tables that a statement names, and lets it name those that stand in. */
final class StandInText {
  private static final Set<String> BEFORE = Set.of("FROM", "JOIN", ",", "ONLY", "(");

  private final List<SqlPart> parts;
  private final List<Integer> tokens = new ArrayList<>();

  StandInText(QueryText text) {
    this.parts = text.parts();
    for (int i = 0; i < parts.size(); i++) {
      if (parts.get(i).kind() != SqlPart.Kind.SPACE) {
        tokens.add(i);
      }
    }
  }

  /**
   * The tables that it names.
   *
   * @param schemas where a name without a schema is looked for, in order
   * @param known whether there is such a table
   */
  Set<TableName> tables(List<String> schemas, Predicate<TableName> known) {
    Set<TableName> found = new LinkedHashSet<>();
    for (int i = 0; i < tokens.size(); i++) {
      if (!token(i).isName()) {
        continue;
      }
      String name = name(i);
      if (is(i - 1, ".")) {
        TableName qualified = new TableName(i > 1 ? name(i - 2) : "", name);
        if (known.test(qualified)) {
          found.add(qualified);
        }
      } else if (i > 0 && BEFORE.contains(token(i - 1).upper())) {
        schemas.stream()
            .map(schema -> new TableName(schema, name))
            .filter(known)
            .findFirst()
            .ifPresent(found::add);
      }
    }
    return found;
  }

  /** The statement without the schema before those that stand in. */
  QueryText without(Predicate<TableName> standsIn) {
    StringBuilder text = new StringBuilder();
    int from = 0;
    for (int i = 0; i + 2 < tokens.size(); i++) {
      boolean qualified = token(i).isName() && is(i + 1, ".") && token(i + 2).isName();
      if (qualified && !is(i - 1, ".") && standsIn.test(new TableName(name(i), name(i + 2)))) {
        append(text, from, tokens.get(i));
        from = tokens.get(i + 2);
      }
    }
    append(text, from, parts.size());
    return QueryText.of(text.toString());
  }

  private void append(StringBuilder text, int from, int to) {
    parts.subList(from, to).forEach(part -> text.append(part.text()));
  }

  private SqlPart token(int i) {
    return parts.get(tokens.get(i));
  }

  private boolean is(int i, String sign) {
    return i >= 0 && i < tokens.size() && token(i).is(sign);
  }

  /** As the server folds it. */
  private String name(int i) {
    SqlPart token = token(i);
    return token.kind() == SqlPart.Kind.NAME ? token.name() : token.text().toLowerCase(Locale.ROOT);
  }
}
