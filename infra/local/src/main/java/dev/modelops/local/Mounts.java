package dev.modelops.local;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.modelops.embedded.LocalAws;
import dev.modelops.embedded.Template;
import dev.modelops.embedded.Template.Api;
import dev.modelops.embedded.Template.Function;
import dev.modelops.local.function.MountedFunction;
import dev.modelops.local.gateway.Cors;
import dev.modelops.local.gateway.HttpApi;
import dev.modelops.local.gateway.Route;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;

/** The functions of the template with their real handlers, and the HTTP API in front of them. */
final class Mounts {
  private final Template template;
  private final Map<String, MountedFunction> functions;

  private Mounts(Template template, Map<String, MountedFunction> functions) {
    this.template = template;
    this.functions = functions;
  }

  /** Makes all handlers, each with the environment that the template gives it. */
  static Mounts mount(Template template, LocalAws aws) {
    Map<String, CompletableFuture<MountedFunction>> mounting = new LinkedHashMap<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
      template.functions().values().forEach(function -> mounting.put(function.id(),
          CompletableFuture.supplyAsync(() -> mount(function, aws.env(function.id())), threads)));
      Map<String, MountedFunction> mounted = new LinkedHashMap<>();
      mounting.forEach((id, function) -> mounted.put(id, function.join()));
      return new Mounts(template, mounted);
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private static MountedFunction mount(Function function, Map<String, String> env) {
    try {
      RequestStreamHandler handler =
          handlerClass(function).getConstructor(Map.class).newInstance(env);
      return new MountedFunction(function.id(), handler, function.timeout(), function.memory());
    } catch (InvocationTargetException e) {
      e.printStackTrace();
      throw new CannotStart("The function " + function.id() + " does not start: " + e.getCause()
          + "; its stack trace is in the log of the functions.", e);
    } catch (ReflectiveOperationException e) {
      throw new CannotStart("The handler " + function.handler() + " of " + function.id()
          + " has no public constructor with a Map<String, String>: give it one.", e);
    }
  }

  private static Class<? extends RequestStreamHandler> handlerClass(Function function) {
    try {
      return Class.forName(function.handler()).asSubclass(RequestStreamHandler.class);
    } catch (ClassNotFoundException | ClassCastException e) {
      throw new CannotStart("template.yaml names " + function.handler() + " as the handler of " + function.id()
          + ", which is no RequestStreamHandler on the class path: correct the template or the class.", e);
    }
  }

  int count() {
    return functions.size();
  }

  MountedFunction function(String id) {
    return Optional.ofNullable(functions.get(id)).orElseThrow(
        () -> new CannotStart("template.yaml speaks of a function " + id + " that it does not have: correct it."));
  }

  /** The HTTP API of the template. */
  HttpApi api() {
    Api api = template.api().orElseThrow(
        () -> new CannotStart("template.yaml has no AWS::Serverless::HttpApi: add one."));
    List<Route> routes = template.functions().values().stream()
        .flatMap(function -> function.routes().stream().map(route -> new Route(
            route.method(), route.path(), function(function.id()), route.authorizer().isPresent())))
        .toList();
    return new HttpApi(
        routes,
        api.authorizer().map(authorizer -> function(authorizer.function())).orElse(null),
        api.authorizer().map(Template.Authorizer::cached).orElse(Duration.ZERO),
        api.cors().map(cors -> new Cors(cors.origins(), cors.methods(), cors.headers(), cors.exposed(),
            (int) cors.maxAge().toSeconds())).orElse(Cors.NONE),
        api.throttle().map(Template.Throttle::rate).orElse(Double.MAX_VALUE),
        api.throttle().map(Template.Throttle::burst).orElse(Double.MAX_VALUE));
  }

  /** Calls {@code each} for every function of the template. */
  void forEach(BiConsumer<Function, MountedFunction> each) {
    template.functions().forEach((id, function) -> each.accept(function, function(id)));
  }
}
