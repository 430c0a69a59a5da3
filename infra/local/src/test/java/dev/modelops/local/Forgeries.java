package dev.modelops.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Credentials that let nobody in, by what is wrong with them: made anew, and made of some that once did. */
final class Forgeries {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
  private static final String ISSUER = "https://issuer.invalid";
  private static final String TOKEN = """
      {"name":"to be lost","subject":{"type":"service","displayName":"CI"},
      "grants":[{"role":"viewer","department":"demo"}]}""";

  private final RunningRuntime runtime;

  private Forgeries(RunningRuntime runtime) {
    this.runtime = runtime;
  }

  static Map<String, String> on(RunningRuntime runtime) throws Exception {
    Forgeries forgeries = new Forgeries(runtime);
    Map<String, String> all = new LinkedHashMap<>();
    forgeries.tokens(all);
    forgeries.jwts(all);
    return all;
  }

  private void tokens(Map<String, String> all) throws Exception {
    String known = runtime.token("admin");
    String body = known.substring(0, known.length() - 7);
    all.put("guessed", sealed("mop_" + "0".repeat(78)));
    all.put("a guessed secret of a token that is there", sealed(body.substring(0, body.length() - 1)
        + (body.endsWith("0") ? "1" : "0")));
    all.put("a guessed id with the secret of another", sealed("mop_" + "0".repeat(26) + body.substring(30)));
    all.put("another checksum", body + "0000000");
    all.put("upper case", known.toUpperCase(Locale.ROOT));
    all.put("cut short", known.substring(0, known.length() - 1));
    all.put("drawn out", known + "0");
    JsonNode revoked = post("/v1/tokens", TOKEN);
    post("/v1/tokens/" + revoked.at("/token/id").asString() + "/revoke", "");
    all.put("revoked", revoked.path("secret").asString());
    JsonNode expired = post("/v1/tokens", TOKEN);
    post("/v1/tokens/" + expired.at("/token/id").asString() + "/rotate", "{\"overlap\":\"PT0S\"}");
    all.put("expired", expired.path("secret").asString());
  }

  private void jwts(Map<String, String> all) throws Exception {
    HttpResponse<String> entered = runtime.send("admin", "PUT", "/v1/identity-providers/ci", """
        {"issuer":"%s","subjects":"service","rules":[{"claims":{"ref":"main"},
        "grants":[{"role":"admin","department":"*"}]}]}""".formatted(ISSUER));
    assertThat(entered.statusCode()).as(entered.body()).isEqualTo(201);
    all.put("alg none", encoded("{\"alg\":\"none\"}") + "." + claims(ISSUER, 300) + ".");
    all.put("alg none with a signature", encoded("{\"alg\":\"none\"}") + "." + claims(ISSUER, 300) + ".AA");
    all.put("of a foreign issuer",
        signed("{\"alg\":\"RS256\",\"kid\":\"a\"}", claims("https://foreign.invalid", 300)));
  }

  /** By keys that the issuer may have or not: it cannot be asked. Keys that it has not are tried with the authorizer. */
  static Map<String, String> unproven() throws GeneralSecurityException {
    return Map.of("a key of any name", signed("{\"alg\":\"RS256\",\"kid\":\"a\"}", claims(ISSUER, 300)),
        "a key without a name", signed("{\"alg\":\"RS256\"}", claims(ISSUER, 300)));
  }

  private JsonNode post(String path, String body) throws IOException, InterruptedException {
    HttpResponse<String> answer = runtime.send("admin", "POST", path, Map.of("Content-Type", "application/json"), body);
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
    return JSON.readTree(answer.body());
  }

  /** With the checksum that belongs to it: what a guesser would not be refused for unread. */
  private static String sealed(String body) {
    CRC32 crc = new CRC32();
    crc.update(body.getBytes(StandardCharsets.US_ASCII));
    StringBuilder checksum = new StringBuilder();
    for (int shift = 30; shift >= 0; shift -= 5) {
      checksum.append(ALPHABET.charAt((int) (crc.getValue() >>> shift) & 31));
    }
    return body + checksum;
  }

  private static String claims(String issuer, int life) {
    long now = Instant.now().getEpochSecond();
    return encoded("""
        {"iss":"%s","aud":"modelops","sub":"ci","ref":"main","iat":%d,"nbf":%2$d,"exp":%d}"""
        .formatted(issuer, now - 100_000, now + life));
  }

  private static String signed(String header, String claims) throws GeneralSecurityException {
    String text = encoded(header) + "." + claims;
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initSign(KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate());
    signature.update(text.getBytes(StandardCharsets.US_ASCII));
    return text + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
  }

  private static String encoded(String json) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }
}
