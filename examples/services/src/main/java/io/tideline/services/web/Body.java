package io.tideline.services.web;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a request carries. */
public final class Body {
  private Body() {}

  /** The body as text; never more than so many bytes are read of it. */
  public static String text(Context request, int most) {
    try (InputStream in = request.bodyInputStream()) {
      byte[] bytes = in.readNBytes(most + 1);
      if (bytes.length > most) {
        throw new Refused(
            413, "too_large", "The body is larger than " + most + " bytes. Nothing was stored.");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw Refused.bad("The body is not UTF-8 text. Nothing was stored.");
    } catch (IOException e) {
      throw Refused.bad("The body ended early. Nothing was stored.");
    }
  }

  /** The body as JSON. */
  public static JsonElement json(Context request, int most) {
    String text = text(request, most);
    try {
      return parse(text);
    } catch (JsonParseException | IOException e) {
      throw Refused.bad("The body is not JSON. Nothing was stored.");
    }
  }

  private static JsonElement parse(String text) throws IOException {
    JsonReader reader = new JsonReader(new StringReader(text));
    reader.setStrictness(Strictness.STRICT);
    JsonElement json = JsonParser.parseReader(reader);
    if (reader.peek() != JsonToken.END_DOCUMENT) {
      throw new JsonParseException("more than one value");
    }
    return json;
  }

  /** A value as a JSON object. */
  public static JsonObject object(@Nullable JsonElement value, String what) {
    if (value == null || !value.isJsonObject()) {
      throw Refused.bad(what + " must be a JSON object. Nothing was stored.");
    }
    return value.getAsJsonObject();
  }

  /** A member that is text; empty if there is none. */
  public static Optional<String> text(JsonObject object, String name) {
    JsonElement value = object.get(name);
    if (value == null || value.isJsonNull()) {
      return Optional.empty();
    }
    if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isString()) {
      throw Refused.bad("'" + name + "' must be a text. Nothing was stored.");
    }
    return Optional.of(value.getAsString());
  }

  /** A member that must be there, must be text, and no longer than this. */
  public static String needed(JsonObject object, String name, int longest) {
    String text =
        text(object, name)
            .filter(value -> !value.isEmpty())
            .orElseThrow(() -> Refused.bad("'" + name + "' is missing. Nothing was stored."));
    if (text.length() > longest || text.indexOf('\0') >= 0) {
      throw Refused.bad(
          "'"
              + name
              + "' must be at most "
              + longest
              + " characters, none of them NUL."
              + " Nothing was stored.");
    }
    return text;
  }
}
