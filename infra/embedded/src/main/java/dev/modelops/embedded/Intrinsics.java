package dev.modelops.embedded;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.AbstractConstruct;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * The intrinsic functions that template.yaml uses: {@code Ref}, {@code GetAtt} and {@code Sub}, in short and long form.
 * Any other is refused by name, so that a template never means one thing on AWS and another here.
 */
final class Intrinsics {

  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{(!?)([^}]*)}");

  /** What a name stands for: {@code RecordsTable} or {@code RecordsTable.Arn}. */
  private final Function<String, Optional<String>> names;

  Intrinsics(Function<String, Optional<String>> names) {
    this.names = names;
  }

  /** A function call as the YAML parser leaves it. */
  private record Call(String function, Object argument) {}

  /** Parses YAML; calls stay unresolved. */
  static Map<?, ?> parse(String yaml) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    Object tree = new Yaml(new CallConstructor(options)).load(yaml);
    if (tree instanceof Map<?, ?> map) {
      return map;
    }
    throw new IllegalArgumentException("a template is a map");
  }

  /** The same tree with every call replaced by what it stands for. */
  @Nullable
  Object resolve(@Nullable Object node) {
    return switch (node) {
      case Call call -> call(call.function(), call.argument());
      case Map<?, ?> map -> {
        Optional<Call> longForm = longForm(map);
        yield longForm.isPresent() ? resolve(longForm.get()) : resolveEach(map);
      }
      case List<?> list -> {
        List<@Nullable Object> resolved = new ArrayList<>();
        list.forEach(element -> resolved.add(resolve(element)));
        yield resolved;
      }
      case null, default -> node;
    };
  }

  private Map<Object, @Nullable Object> resolveEach(Map<?, ?> map) {
    Map<Object, @Nullable Object> resolved = new LinkedHashMap<>();
    map.forEach((key, value) -> resolved.put(key, resolve(value)));
    return resolved;
  }

  private static Optional<Call> longForm(Map<?, ?> map) {
    if (map.size() != 1) {
      return Optional.empty();
    }
    Map.Entry<?, ?> only = map.entrySet().iterator().next();
    String key = String.valueOf(only.getKey());
    if (key.equals("Ref")) {
      return Optional.of(new Call("Ref", only.getValue()));
    }
    return key.startsWith("Fn::") ? Optional.of(new Call(key.substring(4), only.getValue())) : Optional.empty();
  }

  private String call(String function, Object argument) {
    return switch (function) {
      case "Ref" -> name(String.valueOf(argument));
      case "GetAtt" -> name(argument instanceof List<?> parts ? join(parts) : String.valueOf(argument));
      case "Sub" -> argument instanceof List<?> parts
          ? substitute(String.valueOf(parts.get(0)), (Map<?, ?>) parts.get(1))
          : substitute(String.valueOf(argument), Map.of());
      default -> throw new IllegalArgumentException(
          "the function !" + function + " is not understood here: write it with !Ref, !GetAtt and !Sub");
    };
  }

  private static String join(List<?> parts) {
    return String.join(".", parts.stream().map(String::valueOf).toList());
  }

  private String substitute(String text, Map<?, ?> own) {
    return PLACEHOLDER.matcher(text).replaceAll(match -> {
      String name = match.group(2);
      if (!match.group(1).isEmpty()) {
        return Matcher.quoteReplacement("${" + name + "}"); // ${!Literal}
      }
      Object value = own.get(name);
      return Matcher.quoteReplacement(value == null ? name(name) : String.valueOf(resolve(value)));
    });
  }

  private String name(String name) {
    return names.apply(name).orElseThrow(() -> new IllegalArgumentException("nothing stands for " + name));
  }

  private static final class CallConstructor extends SafeConstructor {
    CallConstructor(LoaderOptions options) {
      super(options);
      yamlMultiConstructors.put("!", new AbstractConstruct() {
        @Override
        public Object construct(Node node) {
          Object argument = switch (node) {
            case ScalarNode scalar -> constructScalar(scalar);
            case SequenceNode sequence -> constructSequence(sequence);
            case MappingNode mapping -> constructMapping(mapping);
            default -> throw new IllegalArgumentException("unreadable " + node.getTag());
          };
          return new Call(node.getTag().getValue().substring(1), argument);
        }
      });
    }
  }
}
