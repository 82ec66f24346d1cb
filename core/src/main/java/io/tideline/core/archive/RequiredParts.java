package io.tideline.core.archive;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.TypeAdapter;
import com.google.gson.TypeAdapterFactory;
import com.google.gson.reflect.TypeToken;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads a record only if every part of it is there, for a file that lost one was damaged. Parts
 * that are optional or nullable may be missing.
 */
final class RequiredParts implements TypeAdapterFactory {
  @Override
  public <T> @Nullable TypeAdapter<T> create(Gson gson, TypeToken<T> type) {
    if (!type.getRawType().isRecord()) {
      return null;
    }
    TypeAdapter<T> plain = gson.getDelegateAdapter(this, type);
    TypeAdapter<JsonElement> tree = gson.getAdapter(JsonElement.class);
    RecordComponent[] parts = type.getRawType().getRecordComponents();
    return new TypeAdapter<T>() {
      @Override
      public void write(JsonWriter out, T value) throws IOException {
        plain.write(out, value);
      }

      @Override
      public @Nullable T read(JsonReader in) throws IOException {
        JsonElement json = tree.read(in);
        if (json.isJsonObject()) {
          for (RecordComponent part : parts) {
            require(json.getAsJsonObject(), part);
          }
        }
        return plain.fromJsonTree(json);
      }
    };
  }

  private static void require(JsonObject json, RecordComponent part) {
    JsonElement value = json.get(part.getName());
    Class<?> type = part.getType();
    if (type == Optional.class || type == OptionalLong.class) {
      if (value == null) {
        json.add(part.getName(), JsonNull.INSTANCE);
      }
    } else if ((value == null || value.isJsonNull())
        && !part.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
      throw new JsonParseException("'" + part.getName() + "' is missing");
    }
  }
}
