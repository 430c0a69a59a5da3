package dev.modelops.local.gateway;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** What the server refuses before a route is looked for is answered in the gateway's own words. */
final class OwnErrors implements Request.Handler {
  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    Answer answer = Answer.own(response.getStatus(), HttpStatus.getMessage(response.getStatus()));
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    response.write(true, ByteBuffer.wrap(answer.body()), callback);
    return true;
  }
}
