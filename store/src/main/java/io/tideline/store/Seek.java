package io.tideline.store;

import java.util.List;

/**
 * What an index must serve: some equalities, then an order.
 *
 * @param alias how the statement calls the table
 * @param table the table, quoted
 * @param equal the expressions that are compared for equality, in any order
 * @param order the expression by which the rest is ordered, or from which on it is walked
 * @param walked whether the order is walked from a value on
 */
record Seek(String alias, String table, List<String> equal, String order, boolean walked) {}
