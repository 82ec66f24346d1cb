package io.tideline.dialect;

/**
 * The bytes that a database takes.
 *
 * @param total the bytes of its data on disk, without a write-ahead log
 * @param free the bytes inside that hold nothing and would be used again (SQLite's freelist); 0
 *     where the engine cannot tell
 * @param log the bytes of SQLite's write-ahead log beside it; 0 elsewhere
 */
public record DatabaseSize(long total, long free, long log) {}
