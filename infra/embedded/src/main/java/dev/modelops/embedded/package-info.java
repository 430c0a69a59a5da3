/** Reads template.yaml and stands up what it names on this machine: DynamoDB Local and S3Mock as leashed processes. */
@NullMarked
package dev.modelops.embedded;

import org.jspecify.annotations.NullMarked;
