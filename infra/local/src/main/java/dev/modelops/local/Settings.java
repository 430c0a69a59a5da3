package dev.modelops.local;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;

/**
 * How the runtime was asked to run, by system properties that Maven passes on ({@code mvn -Plocal -Dmodelops.port=8090}).
 *
 * @param root source tree, holds template.yaml ({@code modelops.root})
 * @param data everything that is kept ({@code modelops.data}, {@code .modelops} in the source tree)
 * @param host address that the gateway listens on ({@code modelops.host}, 127.0.0.1)
 * @param port of the gateway ({@code modelops.port}, 8080; 0 for any free one)
 * @param dynamoPort of DynamoDB Local ({@code modelops.dynamodb.port}, 0)
 * @param s3Port of S3Mock ({@code modelops.s3.port}, 0)
 * @param parameters in place of the defaults of the template's parameters
 *     ({@code modelops.parameters=ThrottleRate=5000;GrantMinutes=5})
 */
record Settings(Path root, Path data, String host, int port, int dynamoPort, int s3Port,
    Map<String, String> parameters) {
  static Settings of(Properties properties) {
    Path root = Path.of(properties.getProperty("modelops.root", "")).toAbsolutePath().normalize();
    String data = properties.getProperty("modelops.data", "");
    return new Settings(
        root,
        root.resolve(data.isBlank() ? ".modelops" : data),
        properties.getProperty("modelops.host", "127.0.0.1"),
        port(properties, "modelops.port", 8080),
        port(properties, "modelops.dynamodb.port", 0),
        port(properties, "modelops.s3.port", 0),
        parameters(properties.getProperty("modelops.parameters", "")));
  }

  private static int port(Properties properties, String name, int otherwise) {
    String text = properties.getProperty(name, "").strip();
    if (text.isEmpty()) {
      return otherwise;
    }
    if (!text.matches("\\d{1,5}") || Integer.parseInt(text) > 65_535) {
      throw new CannotStart(name + " is '" + text + "': give a port number, or 0 for any free port.");
    }
    return Integer.parseInt(text);
  }

  private static Map<String, String> parameters(String text) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String assignment : text.split(";")) {
      if (!assignment.isBlank()) {
        String[] parts = assignment.split("=", 2);
        if (parts.length != 2) {
          throw new CannotStart("modelops.parameters has '" + assignment
              + "': write it as name=value, several with a semicolon between them.");
        }
        parameters.put(parts[0].strip(), parts[1].strip());
      }
    }
    return parameters;
  }
}
