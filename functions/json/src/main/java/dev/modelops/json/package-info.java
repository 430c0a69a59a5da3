/**
 * JSON: the one mapper, strict reading of requests, canonical form and digests, checks against the contract's schemas.
 */
@NullMarked
package dev.modelops.json;

import org.jspecify.annotations.NullMarked;
