package dev.modelops.embedded;

/** LocalStack in Docker in place of both emulators. */
final class LocalStack implements AutoCloseable {

  private final Endpoints endpoints;

  private LocalStack(Endpoints endpoints) {
    this.endpoints = endpoints;
  }

  static LocalStack start() {
    throw new StartException("LocalStack is not supported yet: leave out -Dmodelops.aws.");
  }

  Endpoints endpoints() {
    return endpoints;
  }

  @Override
  public void close() {}
}
