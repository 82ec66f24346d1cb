package io.tideline.cli.output;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSerializer;
import io.tideline.catalogue.TableName;
import io.tideline.dialect.DatabaseUrl;
import io.tideline.error.ExitCode;
import io.tideline.policy.Predicate;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Results as JSON: the components of the API's records in snake case, instants and durations in ISO
 * 8601, words of closed choices in lower case with hyphens, exit codes as numbers, absent values as
 * null.
 */
public final class Json {
  private static final Gson GSON = gson();

  private Json() {}

  private static Gson gson() {
    JsonSerializer<Object> text = (value, type, context) -> new JsonPrimitive(value.toString());
    JsonSerializer<Enum<?>> word =
        (value, type, context) ->
            new JsonPrimitive(value.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    JsonSerializer<ExitCode> exit = (value, type, context) -> new JsonPrimitive(value.number());
    JsonSerializer<Predicate> predicate = (value, type, context) -> new JsonPrimitive(value.sql());
    JsonSerializer<Optional<?>> optional =
        (value, type, context) ->
            value.<JsonElement>map(context::serialize).orElse(JsonNull.INSTANCE);
    JsonSerializer<OptionalLong> optionalLong =
        (value, type, context) ->
            value.isPresent() ? new JsonPrimitive(value.getAsLong()) : JsonNull.INSTANCE;
    return new GsonBuilder()
        .setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES)
        .setPrettyPrinting()
        .disableHtmlEscaping()
        .serializeNulls()
        .serializeSpecialFloatingPointValues()
        .registerTypeAdapter(Instant.class, text)
        .registerTypeAdapter(Duration.class, text)
        .registerTypeAdapter(LocalDate.class, text)
        .registerTypeAdapter(DatabaseUrl.class, text)
        .registerTypeAdapter(TableName.class, text)
        .registerTypeHierarchyAdapter(ZoneId.class, text)
        .registerTypeHierarchyAdapter(Path.class, text)
        .registerTypeHierarchyAdapter(Enum.class, word)
        .registerTypeAdapter(ExitCode.class, exit)
        .registerTypeAdapter(Predicate.class, predicate)
        .registerTypeHierarchyAdapter(Optional.class, optional)
        .registerTypeAdapter(OptionalLong.class, optionalLong)
        .create();
  }

  /** The tree of a value. */
  public static JsonElement tree(Object value) {
    return GSON.toJsonTree(value);
  }

  /** The text of a value, indented. */
  public static String text(Object value) {
    return GSON.toJson(value);
  }
}
