package io.tideline.sqlite;

import io.tideline.catalogue.Column;
import io.tideline.catalogue.ForeignKey;
import io.tideline.catalogue.Index;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * A digest of what decides which rows a table has and what a change to them sets off. Plain indexes
 * and row counts are left out: a new index must not stop a run.
 */
final class Fingerprint {
  private final MessageDigest digest;

  Fingerprint() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // Every Java platform has it.
    }
  }

  Fingerprint text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update(Integer.toString(bytes.length).getBytes(StandardCharsets.US_ASCII));
    digest.update((byte) ':');
    digest.update(bytes);
    return this;
  }

  Fingerprint columns(List<Column> columns) {
    text("columns");
    columns.forEach(
        c -> text(c.name()).text(c.declaredType()).text(c.origin() + "/" + c.nullable()));
    return this;
  }

  Fingerprint unique(List<Index> indexes) {
    text("unique");
    indexes.stream()
        .filter(Index::unique)
        .map(index -> index.name() + index.columns() + index.partial())
        .sorted()
        .forEach(this::text);
    return this;
  }

  Fingerprint foreignKeys(List<ForeignKey> keys) {
    text("foreign keys");
    keys.stream().map(ForeignKey::toString).sorted().forEach(this::text);
    return this;
  }

  String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
