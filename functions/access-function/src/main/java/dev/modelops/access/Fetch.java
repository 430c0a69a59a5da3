package dev.modelops.access;

import java.io.IOException;
import java.net.URI;

/** Gets a small document. */
interface Fetch {

  /** @throws IOException when it cannot be had, or must not be asked for */
  byte[] get(URI uri) throws IOException;
}
