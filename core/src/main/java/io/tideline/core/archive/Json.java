package io.tideline.core.archive;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import com.google.gson.TypeAdapter;
import com.google.gson.TypeAdapterFactory;
import com.google.gson.reflect.TypeToken;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.row.RowRanges;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The JSON of everything that Tideline writes: records by their names, times as ISO 8601 text. */
public final class Json {
  private static final Gson PRETTY = gson().setPrettyPrinting().create();
  private static final Gson LINE = gson().create();

  private Json() {}

  /** A value as a document of several lines. */
  public static String pretty(Object value) {
    return PRETTY.toJson(value) + "\n";
  }

  /** A value on one line. */
  public static String line(Object value) {
    return LINE.toJson(value) + "\n";
  }

  /**
   * Reads a value.
   *
   * @param place what is read, for the error
   * @throws TidelineException {@code ARCHIVE_CORRUPT} if it is not JSON of that type
   */
  public static <T> T read(String json, Class<T> type, String place) {
    try {
      T value = LINE.fromJson(json, type);
      if (value == null) {
        throw new JsonParseException("it is empty");
      }
      return value;
    } catch (RuntimeException e) {
      throw corrupt(place, e); // a record that refuses its parts comes wrapped in a plain one
    }
  }

  private static TidelineException corrupt(String place, Exception cause) {
    return new TidelineException(
        ErrorCode.ARCHIVE_CORRUPT,
        "Cannot read " + place + ": it is not what Tideline wrote (" + reason(cause) + ").",
        "Nothing was changed.",
        "Bring the file back from a copy of the archive; run `tideline verify` to see what else is"
            + " damaged.",
        cause);
  }

  /** A record's own refusal; around it stands every argument, which may be a row's. */
  private static String reason(Exception cause) {
    return cause.getCause() instanceof IllegalArgumentException refusal
        ? String.valueOf(refusal.getMessage())
        : String.valueOf(cause.getMessage());
  }

  private static GsonBuilder gson() {
    return new GsonBuilder()
        .disableHtmlEscaping()
        .serializeNulls()
        .registerTypeAdapterFactory(new RequiredParts())
        .registerTypeAdapterFactory(new OptionalFactory())
        .registerTypeAdapter(OptionalLong.class, new OptionalLongAdapter())
        .registerTypeHierarchyAdapter(ZoneId.class, text(ZoneId::of))
        .registerTypeAdapter(Instant.class, text(Instant::parse))
        .registerTypeAdapter(Duration.class, text(Duration::parse))
        .registerTypeAdapter(RowRanges.class, text(RowRanges::parse));
  }

  private static <T> TypeAdapter<T> text(Function<String, T> parse) {
    return new TypeAdapter<T>() {
      @Override
      public void write(JsonWriter out, T value) throws IOException {
        out.value(value.toString());
      }

      @Override
      public T read(JsonReader in) throws IOException {
        try {
          return parse.apply(in.nextString());
        } catch (RuntimeException e) {
          throw new JsonParseException(e.getMessage(), e);
        }
      }
    }.nullSafe();
  }

  /** An absent optional is left out, and read as absent. */
  private static final class OptionalFactory implements TypeAdapterFactory {
    @Override
    @SuppressWarnings("unchecked")
    public <T> @Nullable TypeAdapter<T> create(Gson gson, TypeToken<T> type) {
      if (type.getRawType() != Optional.class) {
        return null;
      }
      TypeToken<?> inner =
          TypeToken.get(((ParameterizedType) type.getType()).getActualTypeArguments()[0]);
      return (TypeAdapter<T>) new OptionalAdapter<>(gson.getAdapter(inner));
    }
  }

  private static final class OptionalAdapter<T> extends TypeAdapter<Optional<T>> {
    private final TypeAdapter<T> inner;

    OptionalAdapter(TypeAdapter<T> inner) {
      this.inner = inner;
    }

    @Override
    public void write(JsonWriter out, Optional<T> value) throws IOException {
      if (value.isPresent()) {
        inner.write(out, value.get());
      } else {
        out.nullValue();
      }
    }

    @Override
    public Optional<T> read(JsonReader in) throws IOException {
      if (in.peek() == JsonToken.NULL) {
        in.nextNull();
        return Optional.empty();
      }
      return Optional.of(inner.read(in));
    }
  }

  private static final class OptionalLongAdapter extends TypeAdapter<OptionalLong> {
    @Override
    public void write(JsonWriter out, OptionalLong value) throws IOException {
      if (value.isPresent()) {
        out.value(value.getAsLong());
      } else {
        out.nullValue();
      }
    }

    @Override
    public OptionalLong read(JsonReader in) throws IOException {
      if (in.peek() == JsonToken.NULL) {
        in.nextNull();
        return OptionalLong.empty();
      }
      return OptionalLong.of(in.nextLong());
    }
  }
}
