package dev.modelops.local.gateway;

import dev.modelops.local.function.FunctionFailed;
import dev.modelops.local.function.MountedFunction;
import dev.modelops.local.gateway.Authorizer.Verdict;
import dev.modelops.local.gateway.Routing.Match;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The way of one request: route, throttle, authorizer, preflight, body, function, answer. */
final class ApiHandler extends Handler.Abstract {
  private final HttpApi api;
  private final Routing routing;
  private final Throttle throttle;
  private final @Nullable Authorizer authorizer;
  private final Gateway.Limits limits;
  private final RequestReader reader;

  ApiHandler(HttpApi api, Gateway.Limits limits, Supplier<Scheduler> scheduler) {
    this.api = api;
    this.limits = limits;
    this.routing = new Routing(api.routes());
    this.throttle = new Throttle(api.throttleRate(), api.throttleBurst(), System::nanoTime);
    MountedFunction asked = api.authorizer();
    this.authorizer = asked == null ? null : new Authorizer(asked, api.authorizerKeep(), System::nanoTime);
    this.reader = new RequestReader(limits.body(), scheduler);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    Incoming incoming = reader.head(request);
    Answer answer = answer(request, incoming);
    write(answer, incoming, response, callback);
    return true;
  }

  private Answer answer(Request request, Incoming incoming) {
    return api.cors().isPreflight(incoming) ? answerOnly(request, incoming)
        : api.cors().apply(answerOnly(request, incoming), incoming.header("origin"));
  }

  private Answer answerOnly(Request request, Incoming incoming) {
    try {
      Optional<Match> match = routing.select(incoming.method(), Incoming.decodePath(incoming.path()));
      if (match.isEmpty()) {
        return Answer.NOT_FOUND;
      }
      if (!throttle.admits(match.get().route().key())) {
        return Answer.TOO_MANY;
      }
      if (request.getLength() > RequestReader.BODY_LIMIT) {
        return Answer.TOO_LARGE;
      }
      return serve(request, incoming, match.get());
    } catch (FunctionFailed failed) {
      return refusal(failed);
    } catch (IllegalArgumentException malformed) {
      return Answer.BAD_REQUEST;
    } catch (RequestReader.TooLarge tooLarge) {
      return Answer.TOO_LARGE;
    } catch (IOException slowOrGone) {
      return Answer.REQUEST_TIMEOUT;
    }
  }

  private Answer serve(Request request, Incoming raw, Match match) throws FunctionFailed, IOException {
    Incoming incoming = raw.withPath(Incoming.decodePath(raw.path()));
    JsonNode caller = null;
    if (authorizer != null && match.route().authorized()) {
      String identity = incoming.header("authorization");
      if (identity == null || identity.isBlank()) {
        return Answer.UNAUTHORIZED;
      }
      Verdict verdict = authorizer.ask(identity, () -> Events.authorizer(incoming, match, identity));
      if (!verdict.allowed()) {
        return Answer.FORBIDDEN;
      }
      caller = verdict.context();
    }
    if (api.cors().isPreflight(incoming)) {
      return api.cors().preflight(incoming);
    }
    byte[] event = Events.request(incoming.withBody(reader.body(request)), match, caller);
    return Answer.of(match.route().function().invoke(event, limits.integration()));
  }

  private static Answer refusal(FunctionFailed failed) {
    failed.printStackTrace();
    return switch (failed.why()) {
      case EVENT_TOO_LARGE -> Answer.TOO_LARGE;
      case OUT_OF_PATIENCE -> Answer.UNAVAILABLE;
      case THROWN, TIMEOUT, ANSWER_TOO_LARGE -> Answer.FAILED;
    };
  }

  private static void write(Answer answer, Incoming incoming, Response response, Callback callback) {
    response.setStatus(answer.status());
    answer.headers().forEach(response.getHeaders()::put);
    answer.cookies().forEach(cookie -> response.getHeaders().add("set-cookie", cookie));
    response.getHeaders().put("apigw-requestid", incoming.requestId());
    boolean bodiless = answer.status() == 204 || answer.status() == 304;
    response.write(true, bodiless ? null : ByteBuffer.wrap(answer.body()), callback);
  }
}
