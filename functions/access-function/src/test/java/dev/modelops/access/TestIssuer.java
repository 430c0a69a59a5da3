package dev.modelops.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** An OIDC issuer on this machine: keys made at start, published with discovery over real HTTP. */
final class TestIssuer implements AutoCloseable {

  final RSAKey rsa;
  final ECKey ec256;
  final ECKey ec384;
  final AtomicInteger hits = new AtomicInteger();
  private final HttpServer server;

  /** @param rsa made by {@link #rsa()}: that takes a second, so issuers may share one */
  TestIssuer(RSAKey rsa) {
    this.rsa = rsa;
    try {
      ec256 = new ECKeyGenerator(Curve.P_256).keyID("ec256").generate();
      ec384 = new ECKeyGenerator(Curve.P_384).keyID("ec384").generate();
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException | JOSEException e) {
      throw new IllegalStateException(e);
    }
    String keys = new JWKSet(List.<JWK>of(rsa, ec256, ec384)).toString();
    serve("/.well-known/openid-configuration",
        "{\"issuer\":\"" + url() + "\",\"jwks_uri\":\"" + url() + "/jwks\"}");
    serve("/jwks", keys);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  static RSAKey rsa() {
    try {
      return new RSAKeyGenerator(2048).keyID("rsa").generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  String signed(JWTClaimsSet claims) throws JOSEException {
    return signed(JWSAlgorithm.ES256, claims);
  }

  String signed(JWSAlgorithm algorithm, JWTClaimsSet claims) throws JOSEException {
    if (algorithm.equals(JWSAlgorithm.ES256)) {
      return signed(new JWSHeader.Builder(algorithm).keyID("ec256").build(), claims, new ECDSASigner(ec256));
    }
    if (algorithm.equals(JWSAlgorithm.ES384)) {
      return signed(new JWSHeader.Builder(algorithm).keyID("ec384").build(), claims, new ECDSASigner(ec384));
    }
    return signed(new JWSHeader.Builder(algorithm).keyID("rsa").build(), claims, new RSASSASigner(rsa));
  }

  static String signed(JWSHeader header, JWTClaimsSet claims, JWSSigner signer) throws JOSEException {
    SignedJWT jwt = new SignedJWT(header, claims);
    jwt.sign(signer);
    return jwt.serialize();
  }

  private void serve(String path, String document) {
    byte[] body = document.getBytes(StandardCharsets.UTF_8);
    server.createContext(path, exchange -> {
      hits.incrementAndGet();
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
      exchange.close();
    });
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
