/**
 * Stands in for Lambda's event source mappings: brings the records of DynamoDB streams to functions, at least once and
 * in order per key, with the filters, retries, bisection and failure destination that the template gives.
 */
@NullMarked
package dev.modelops.local.stream;

import org.jspecify.annotations.NullMarked;
