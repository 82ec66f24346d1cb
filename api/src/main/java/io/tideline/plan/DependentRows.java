package io.tideline.plan;

import io.tideline.catalogue.TableName;

/**
 * Rows of another table that go with the rows of a policy.
 *
 * @param table the table
 * @param rows the rows that go
 * @param detached the rows that stay and lose what they refer to
 */
public record DependentRows(TableName table, long rows, long detached) {}
