package io.tideline.config;

import org.snakeyaml.engine.v2.nodes.Node;

/**
 * A single value of the file.
 *
 * @param node where it stands
 * @param raw as it is written: what errors show
 * @param value with variables put in: it may hold secrets
 */
record Scalar(Node node, String raw, String value) {
  /** The text of an error, with what was put in taken out again. */
  String mask(String message) {
    return raw.equals(value) || value.isBlank() ? message : message.replace(value.strip(), raw);
  }
}
