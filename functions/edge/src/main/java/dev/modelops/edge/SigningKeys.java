package dev.modelops.edge;

import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;

/**
 * The SDK remembers signing keys for all clients together, each under a name that holds the secret key itself; closing a
 * client does not take them away. It keeps the last 300: as many that mean nothing push out those that do.
 */
final class SigningKeys {
  private static final int REMEMBERED = 300;
  private static final SdkHttpRequest NOTHING =
      SdkHttpRequest.builder().method(SdkHttpMethod.GET).uri(URI.create("https://nothing.invalid/")).build();

  private SigningKeys() {}

  static void forget() {
    AwsV4HttpSigner signer = AwsV4HttpSigner.create();
    for (int i = 0; i < REMEMBERED; i++) {
      AwsBasicCredentials nobody = AwsBasicCredentials.create("nobody", "nothing-" + i);
      signer.sign(sign -> sign.identity(nobody).request(NOTHING)
          .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "nothing")
          .putProperty(AwsV4HttpSigner.REGION_NAME, "nowhere"));
    }
  }
}
