/** Segments as JSONL, and rows as CSV, JSON and JSONL for people. */
@NullMarked
package io.tideline.text;

import org.jspecify.annotations.NullMarked;
