/**
 * Stands in for API Gateway: an HTTP API with a Lambda authorizer, payload format 2.0, and the gateway's own answers.
 *
 * <p>What it imitates is described in the API Gateway developer guide, "Working with HTTP APIs".
 */
@NullMarked
package dev.modelops.local.gateway;

import org.jspecify.annotations.NullMarked;
