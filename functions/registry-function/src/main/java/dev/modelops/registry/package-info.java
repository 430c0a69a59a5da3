/** Models, versions, artifacts, checks and aliases; expiry of versions that nobody finalised. */
@NullMarked
package dev.modelops.registry;

import org.jspecify.annotations.NullMarked;
