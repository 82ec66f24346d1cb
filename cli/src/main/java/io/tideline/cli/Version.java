package io.tideline.cli;

import picocli.CommandLine.IVersionProvider;

/** Tells the version that the jar's manifest holds. */
final class Version implements IVersionProvider {
  static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return "tideline " + (version == null ? "(built from source)" : version);
  }

  @Override
  public String[] getVersion() {
    return new String[] {text()};
  }
}
