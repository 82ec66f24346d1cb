package io.tideline.dialect;

/**
 * What an open database is.
 *
 * @param dialect the dialect's name
 * @param product product and version for a person: "SQLite 3.54.1", "PostgreSQL 17.2"
 * @param place where it is, without secrets
 * @param concurrentReads whether a reader lets a writer commit; if not, reading and deleting must
 *     alternate
 * @param readOnly why nothing can be written ("the file is read-only", "the server is a standby");
 *     empty if it can
 * @param ownsClock whether the server has a clock of its own, to be compared with the machine's
 */
public record DatabaseInfo(
    String dialect,
    String product,
    String place,
    boolean concurrentReads,
    String readOnly,
    boolean ownsClock) {}
