package io.tideline.services.web;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.javalin.http.Context;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a request carries. */
public final class Body {
  private Body() {}

  /** The body as JSON, read as it comes; never more than so many bytes of it. */
  public static JsonElement json(Context request, int most) {
    if (request.contentLength() > most) {
      throw tooLarge(most);
    }
    try (Reader text = new InputStreamReader(bounded(request.bodyInputStream(), most), strict())) {
      return parse(text);
    } catch (CharacterCodingException e) {
      throw Refused.bad("The body is not UTF-8 text. Nothing was stored.");
    } catch (JsonParseException | IOException e) {
      Throwable cause = e.getCause();
      if (cause instanceof CharacterCodingException) {
        throw Refused.bad("The body is not UTF-8 text. Nothing was stored.");
      }
      throw Refused.bad("The body is not JSON. Nothing was stored.");
    }
  }

  private static Refused tooLarge(int most) {
    return new Refused(
        413, "too_large", "The body is larger than " + most + " bytes. Nothing was stored.");
  }

  private static CharsetDecoder strict() {
    return StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT);
  }

  private static InputStream bounded(InputStream in, int most) {
    return new FilterInputStream(in) {
      private long left = most;

      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        int read = super.read(bytes, offset, length);
        left -= Math.max(0, read);
        if (left < 0) {
          throw tooLarge(most);
        }
        return read;
      }
    };
  }

  private static JsonElement parse(Reader text) throws IOException {
    JsonReader reader = new JsonReader(text);
    reader.setStrictness(Strictness.STRICT);
    JsonElement json = JsonParser.parseReader(reader);
    if (reader.peek() != JsonToken.END_DOCUMENT) {
      throw new JsonParseException("more than one value");
    }
    return json;
  }

  /** The text, unless it holds half of a character, which no database keeps. */
  public static String whole(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (!Character.isSupplementaryCodePoint(text.codePointAt(i))) {
          throw Refused.bad("A text holds half of a surrogate pair. Nothing was stored.");
        }
        i++;
      }
    }
    return text;
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
    return whole(text);
  }
}
