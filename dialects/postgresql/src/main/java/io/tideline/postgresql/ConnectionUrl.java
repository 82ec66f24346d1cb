package io.tideline.postgresql;

import io.tideline.dialect.DatabaseUrl;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A database URL, taken apart: {@code postgresql://user:password@host:port/name?parameters}.
 *
 * @param jdbc the driver's URL, without user and password
 * @param place the same for a person, without secrets
 * @param name the database
 * @param user the role
 * @param schema where an unqualified table name is looked for
 * @param properties what the driver is given; holds the password
 */
record ConnectionUrl(
    String jdbc, String place, String name, String user, String schema, Properties properties) {
  /** Our parameters, in lower case and without underscores, and the driver's names for them. */
  private static final Map<String, String> PARAMETERS =
      Map.of(
          "schema", "",
          "sslmode", "sslmode",
          "sslrootcert", "sslrootcert",
          "sslcert", "sslcert",
          "sslkey", "sslkey",
          "connecttimeout", "connectTimeout",
          "applicationname", "ApplicationName");

  /**
   * Takes a URL apart.
   *
   * @throws TidelineException {@code ARGUMENT_INVALID} if it is none, or has an unknown parameter
   */
  static ConnectionUrl of(DatabaseUrl url) {
    String rest = url.rest();
    if (url.scheme().equals("jdbc")) {
      if (!rest.startsWith("postgresql:")) {
        throw new TidelineException(
            ErrorCode.DATABASE_UNKNOWN_PRODUCT,
            "Cannot use the database URL " + url + ": it names another product.",
            "Nothing was changed.",
            "Write postgresql://user@host:5432/name or sqlite:/path/to/file.");
      }
      rest = rest.substring("postgresql:".length());
    }
    if (!rest.startsWith("//")) {
      throw invalid(url, "it lacks '//' after the scheme");
    }
    int question = rest.indexOf('?');
    String main = rest.substring(2, question < 0 ? rest.length() : question);
    Map<String, String> parameters =
        parameters(url, question < 0 ? "" : rest.substring(question + 1));
    // A password that was put in from the environment may hold any sign, so the last '@' counts.
    int sign = main.lastIndexOf('@');
    String login = sign < 0 ? "" : main.substring(0, sign);
    String address = main.substring(sign + 1);
    int slash = address.indexOf('/');
    String host = slash < 0 ? address : address.substring(0, slash);
    int colon = login.indexOf(':');
    String user = decode(colon < 0 ? login : login.substring(0, colon));
    user = user.isEmpty() ? System.getProperty("user.name", "postgres") : user;
    String name = slash < 0 ? "" : decode(address.substring(slash + 1));
    name = name.isEmpty() ? user : name;
    String password = colon < 0 ? System.getenv("PGPASSWORD") : decode(login.substring(colon + 1));
    String schema = parameters.getOrDefault("schema", "public");
    parameters.remove("schema");
    host = host.isEmpty() ? "localhost" : host;
    return new ConnectionUrl(
        "jdbc:postgresql://" + host + "/" + URLEncoder.encode(name, StandardCharsets.UTF_8),
        "postgresql://" + user + "@" + host + "/" + name,
        name,
        user,
        schema,
        properties(user, password, parameters));
  }

  private static Map<String, String> parameters(DatabaseUrl url, String text) {
    Map<String, String> found = new LinkedHashMap<>();
    for (String pair : text.isEmpty() ? new String[0] : text.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String known = name.toLowerCase(Locale.ROOT).replace("_", "");
      if (equals < 0 || !PARAMETERS.containsKey(known)) {
        throw invalid(url, "it has the unknown parameter '" + name + "'");
      }
      String ours = known.equals("schema") ? "schema" : String.valueOf(PARAMETERS.get(known));
      found.put(ours, decode(pair.substring(equals + 1)));
    }
    return found;
  }

  private static Properties properties(
      String user, @Nullable String password, Map<String, String> parameters) {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    if (password != null) {
      properties.setProperty("password", password);
    }
    properties.setProperty("connectTimeout", "10");
    properties.setProperty("loginTimeout", "20");
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("socketFactory", WatchedSockets.class.getName());
    properties.setProperty("ApplicationName", "tideline");
    // DETAIL lines hold row values.
    properties.setProperty("logServerErrorDetail", "false");
    // Databases of encoding SQL_ASCII are read byte for byte, see Session.
    properties.setProperty("allowEncodingChanges", "true");
    parameters.forEach(properties::setProperty);
    return properties;
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      // A lone '%', as in a password that was never encoded.
      return text;
    }
  }

  private static TidelineException invalid(DatabaseUrl url, String why) {
    return new TidelineException(
        ErrorCode.ARGUMENT_INVALID,
        "Cannot use the database URL " + url + ": " + why + ".",
        "Nothing was changed.",
        "Write postgresql://user@host:5432/name?schema=public; known parameters are schema,"
            + " sslmode, sslrootcert, sslcert, sslkey, connect_timeout and application_name.");
  }

  /** Without the password. */
  @Override
  public String toString() {
    return place;
  }
}
