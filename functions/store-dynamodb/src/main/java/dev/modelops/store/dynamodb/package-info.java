/**
 * The ports of {@code domain} on DynamoDB. {@link dev.modelops.store.dynamodb.Kinds} holds every key in one place,
 * {@link dev.modelops.store.dynamodb.DynamoChanges} is the only writer of governed entities.
 */
@NullMarked
package dev.modelops.store.dynamodb;

import org.jspecify.annotations.NullMarked;
