package dev.modelops.embedded;

import dev.modelops.embedded.Template.Bucket;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketAlreadyExistsException;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;

/** Makes a bucket as the template describes it, or sees that one is there. */
final class Buckets {

  private Buckets() {}

  static void make(S3Client s3, Bucket bucket, String name) {
    try {
      s3.createBucket(request -> request.bucket(name));
    } catch (BucketAlreadyOwnedByYouException | BucketAlreadyExistsException e) {
      // Ours, from an earlier start.
    }
    if (bucket.versioned()) {
      s3.putBucketVersioning(request -> request.bucket(name)
          .versioningConfiguration(versioning -> versioning.status(BucketVersioningStatus.ENABLED)));
    }
  }
}
