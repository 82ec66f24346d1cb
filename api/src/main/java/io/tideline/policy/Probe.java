package io.tideline.policy;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * A question whose answer must not take long while a run works: what the application would feel.
 * Either a query or an address.
 *
 * @param query one statement that reads
 * @param url an HTTP address that answers with a status below 400
 * @param atMost how long the answer may take
 * @param every how long after an answer it is asked again
 */
public record Probe(Optional<String> query, Optional<URI> url, Duration atMost, Duration every) {
  /** How often is asked unless said otherwise. */
  public static final Duration EVERY = Duration.ofSeconds(1);

  /**
   * Checks it.
   *
   * @throws TidelineException {@code POLICY_INVALID} if it asks nothing, or two things, or what no
   *     HTTP address is
   */
  public Probe {
    if (query.isPresent() == url.isPresent()) {
      throw refused("it needs a query or a url, and one of them only", "Write one of them.");
    }
    if (url.filter(each -> !http(each)).isPresent()) {
      throw refused(
          "its url is no HTTP address", "Write an address such as http://localhost:8080/health.");
    }
    if (atMost.isNegative() || atMost.isZero() || every.isNegative() || every.isZero()) {
      throw refused("its times are not above zero", "Write times such as 50ms and 1s.");
    }
    query.ifPresent(Predicate::new); // the same refusals: one statement, no comment
  }

  private static boolean http(URI url) {
    String scheme = String.valueOf(url.getScheme());
    return (scheme.equalsIgnoreCase("http") || scheme.equalsIgnoreCase("https"))
        && url.getHost() != null;
  }

  private static TidelineException refused(String why, String mend) {
    return new TidelineException(
        ErrorCode.POLICY_INVALID,
        "Cannot use this probe: " + why + ".",
        "Nothing was changed.",
        mend);
  }
}
