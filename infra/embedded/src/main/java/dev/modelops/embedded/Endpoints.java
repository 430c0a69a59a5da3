package dev.modelops.embedded;

import java.net.URI;

/** Where DynamoDB (its streams too) and S3 answer on this machine. */
public record Endpoints(URI dynamo, URI s3) {}
