package dev.modelops.domain.metrics;

import java.time.Instant;

/**
 * A stored batch, and its own record of who sent it.
 *
 * @param firstMinute of its earliest point, counted from 1970
 * @param lastMinute of its latest point
 * @param digest of the batch: with the times it is the block's key
 * @param data the encoded batch
 */
public record Block(String model, String environment, long firstMinute, long lastMinute, String digest, byte[] data,
    String subject, String requestId, Instant receivedAt) {}
