package dev.modelops.local.gateway;

import static dev.modelops.local.gateway.GatewayStage.send;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What pages of other origins may do is the gateway's to say. */
final class CrossOriginTest {

  private static final GatewayStage GATEWAY = new GatewayStage();

  @AfterAll
  static void stop() {
    GATEWAY.close();
  }

  @Test
  void preflightsAreAnsweredByTheGatewayForListedOriginsOnly() throws Exception {
    HttpResponse<String> listed = send(preflight("http://page.example"));
    HttpResponse<String> other = send(preflight("http://other.example"));

    assertThat(listed.statusCode()).isEqualTo(204);
    assertThat(listed.headers().firstValue("access-control-allow-origin")).hasValue("http://page.example");
    assertThat(listed.headers().firstValue("access-control-allow-methods")).hasValue("GET,PUT");
    assertThat(listed.headers().firstValue("access-control-allow-headers")).hasValue("If-Match");
    assertThat(listed.headers().firstValue("access-control-max-age")).hasValue("600");
    assertThat(other.headers().firstValue("access-control-allow-origin")).isEmpty();
  }

  @Test
  void answersToPagesCarryTheGatewaysHeadersInPlaceOfTheFunctions() throws Exception {
    HttpResponse<String> answer = send(browser("/cookies", "http://page.example"));

    assertThat(answer.headers().allValues("access-control-allow-origin")).containsExactly("http://page.example");
    assertThat(answer.headers().firstValue("access-control-expose-headers")).hasValue("ETag");
    assertThat(answer.headers().firstValue("vary")).hasValue("Accept, Origin");
    assertThat(send(GATEWAY.request("/cookies")).headers().allValues("access-control-allow-origin")).isEmpty();
  }

  private static HttpRequest.Builder browser(String path, String origin) {
    return GATEWAY.request(path).header("Origin", origin);
  }

  private static HttpRequest.Builder preflight(String origin) {
    return browser("/x", origin).header("Access-Control-Request-Method", "PUT")
        .method("OPTIONS", BodyPublishers.noBody());
  }
}
