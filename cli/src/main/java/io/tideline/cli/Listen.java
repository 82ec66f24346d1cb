package io.tideline.cli;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads where to listen: {@code 9187}, {@code 127.0.0.1:9187}, {@code [::1]:9187}. */
final class Listen {
  private static final Pattern FORM =
      Pattern.compile("(?:(\\[[0-9A-Fa-f:.]+\\]|[A-Za-z0-9.-]+):)?(\\d{1,5})");

  private Listen() {}

  /**
   * Reads one; a port alone is of the loopback.
   *
   * @throws io.tideline.error.TidelineException {@code ARGUMENT_INVALID} if it is none
   */
  static InetSocketAddress parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches() || Integer.parseInt(form.group(2)) > 65_535) {
      throw bad(text);
    }
    int port = Integer.parseInt(form.group(2));
    String host = form.group(1);
    try {
      return new InetSocketAddress(
          host == null ? InetAddress.getLoopbackAddress() : InetAddress.getByName(host), port);
    } catch (UnknownHostException e) {
      throw bad(text);
    }
  }

  static String display(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
  }

  private static RuntimeException bad(String text) {
    return Command.badArgument(
        "Cannot listen at '" + text + "'.", "Write an address and a port: 127.0.0.1:9187.");
  }
}
