/**
 * From an event of AWS Lambda to an action and back: contract, router, problems, conditional requests, idempotency,
 * cursors, permissions, streams and schedules.
 */
@NullMarked
package dev.modelops.edge;

import org.jspecify.annotations.NullMarked;
