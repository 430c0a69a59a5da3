/** Artifacts in S3: presigned grants, and verification by what S3 itself measured. */
@NullMarked
package dev.modelops.store.s3;

import org.jspecify.annotations.NullMarked;
