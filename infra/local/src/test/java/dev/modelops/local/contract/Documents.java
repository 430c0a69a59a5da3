package dev.modelops.local.contract;

import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Contracts as trees. */
final class Documents {

  private Documents() {}

  static JsonNode read(String yaml) {
    return JsonMapper.shared().valueToTree(new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml));
  }

  /** What a reference points to; anything else is itself. */
  static JsonNode resolved(JsonNode document, JsonNode node) {
    return node.has("$ref") ? resolved(document, document.at(node.get("$ref").asString().substring(1))) : node;
  }
}
