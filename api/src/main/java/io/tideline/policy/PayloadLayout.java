package io.tideline.policy;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a payload's file lies within its folder, told by its hash: a path with parts of the hash in
 * braces. {@code {0:2}} is the characters from 0 inclusive to 2 exclusive, {@code {2}} those from 2
 * to the end, {@code {0}} the whole hash.
 */
public final class PayloadLayout {
  private static final Pattern PART = Pattern.compile("\\{(\\d{1,3})(?::(\\d{1,3}))?}");
  private static final Pattern LITERAL = Pattern.compile("[A-Za-z0-9._=@+-]*");

  private final String text;
  private final int length;
  private final List<Part> parts = new ArrayList<>();
  private final Pattern form;

  private record Part(int from, int to) {}

  private PayloadLayout(String text, int length) {
    this.text = text;
    this.length = length;
    this.form = Pattern.compile(compile());
  }

  /**
   * Reads a layout.
   *
   * @param length the length of a hash in hexadecimal digits
   * @throws TidelineException {@code POLICY_INVALID} if it is no path within the folder, or a hash
   *     cannot be told from it
   */
  public static PayloadLayout parse(String text, int length) {
    return new PayloadLayout(text, length);
  }

  /** The path of a hash, relative to the folder, with slashes. */
  public String place(String hash) {
    Matcher part = PART.matcher(text);
    StringBuilder place = new StringBuilder();
    while (part.find()) {
      part.appendReplacement(place, hash.substring(from(part), to(part)));
    }
    return part.appendTail(place).toString();
  }

  /** The hash whose place a path is; empty if it is the place of none. */
  public Optional<String> hash(String path) {
    Matcher match = form.matcher(path);
    if (!match.matches()) {
      return Optional.empty();
    }
    char[] hash = new char[length];
    for (int i = 0; i < parts.size(); i++) {
      match.group(i + 1).getChars(0, parts.get(i).to - parts.get(i).from, hash, parts.get(i).from);
    }
    String found = new String(hash);
    return place(found).equals(path) ? Optional.of(found) : Optional.empty();
  }

  private String compile() {
    StringBuilder regex = new StringBuilder();
    boolean[] known = new boolean[length];
    Matcher part = PART.matcher(text);
    int at = 0;
    while (part.find()) {
      literal(text.substring(at, part.start()), regex);
      Part next = new Part(from(part), to(part));
      if (next.to > length || next.from >= next.to) {
        throw refused("'" + part.group() + "' is no part of " + length + " digits");
      }
      Arrays.fill(known, next.from, next.to, true);
      parts.add(next);
      regex.append("([0-9a-f]{").append(next.to - next.from).append("})");
      at = part.end();
    }
    literal(text.substring(at), regex);
    for (boolean each : known) {
      if (!each) {
        throw refused("a part of the hash is missing, so that two payloads could have one place");
      }
    }
    checkSegments();
    return regex.toString();
  }

  private void literal(String literal, StringBuilder regex) {
    for (String word : literal.split("/", -1)) {
      if (!LITERAL.matcher(word).matches()) {
        throw refused("'" + word + "' may not stand in it");
      }
    }
    regex.append(Pattern.quote(literal));
  }

  private void checkSegments() {
    for (String segment : text.split("/", -1)) {
      if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
        throw refused("it is no path within the folder");
      }
    }
    if (text.startsWith(".")) {
      throw refused("what begins with a point is left for the trash");
    }
  }

  private static int from(Matcher part) {
    return Integer.parseInt(part.group(1));
  }

  private int to(Matcher part) {
    String to = part.group(2);
    return to == null ? length : Integer.parseInt(to);
  }

  private TidelineException refused(String why) {
    return new TidelineException(
        ErrorCode.POLICY_INVALID,
        "Cannot use '" + text + "' as layout: " + why + ".",
        "Nothing was changed.",
        "Write a path of parts of the hash that together hold all of it, such as '{0:2}/{0}' or"
            + " '{0:2}/{2}'.");
  }

  /** The text it was read from. */
  @Override
  public String toString() {
    return text;
  }
}
