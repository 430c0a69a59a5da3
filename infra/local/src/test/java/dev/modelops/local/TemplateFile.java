package dev.modelops.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.function.ThrowingConsumer;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.AbstractConstruct;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** A CloudFormation template as it is written; {@code !Ref Table} reads as the text {@code Ref Table}. */
record TemplateFile(Map<String, Object> tree) {

  /** A resource, or anything else in a template that has properties. */
  record Part(String id, Map<String, Object> tree) {
    String text(String path) {
      return String.valueOf(at(path));
    }

    List<?> list(String path) {
      return at(path) instanceof List<?> list ? list : List.of();
    }

    Map<String, Object> map(String path) {
      return asMap(at(path));
    }

    /** What stands at a path of names divided by slashes; an empty text when nothing does. */
    Object at(String path) {
      Object here = tree;
      for (String name : path.split("/")) {
        here = asMap(here).getOrDefault(name, "");
      }
      return here;
    }
  }

  static TemplateFile read(Path file) {
    try (Reader reader = Files.newBufferedReader(file)) {
      Map<String, Object> tree = new LinkedHashMap<>(asMap(new Yaml(new Calls()).load(reader)));
      tree.computeIfPresent("Resources", (name, resources) -> unrolled(asMap(resources)));
      return new TemplateFile(tree);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Each {@code Fn::ForEach} as the resources that it stands for. */
  private static Map<String, Object> unrolled(Map<String, Object> resources) {
    Map<String, Object> flat = new LinkedHashMap<>();
    resources.forEach((id, resource) -> {
      if (id.startsWith("Fn::ForEach::") && resource instanceof List<?> loop) {
        for (Object each : (List<?>) loop.get(1)) {
          flat.putAll(asMap(replaced(loop.get(2), "${" + loop.get(0) + "}", String.valueOf(each))));
        }
      } else {
        flat.put(id, resource);
      }
    });
    return flat;
  }

  private static Object replaced(Object node, String name, String value) {
    return switch (node) {
      case String text -> text.replace(name, value);
      case List<?> list -> list.stream().map(each -> replaced(each, name, value)).toList();
      case Map<?, ?> map -> map.entrySet().stream().collect(Collectors.toMap(
          entry -> String.valueOf(entry.getKey()).replace(name, value),
          entry -> replaced(entry.getValue(), name, value), (first, second) -> first, LinkedHashMap::new));
      default -> node;
    };
  }

  Part all() {
    return new Part("template", tree);
  }

  /** The resources of a type, functions with the globals that hold for them. */
  Stream<Part> resources(String type) {
    return asMap(tree.get("Resources")).entrySet().stream()
        .filter(resource -> type.equals(asMap(resource.getValue()).get("Type")))
        .map(resource -> new Part(resource.getKey(), withGlobals(type, asMap(resource.getValue()))));
  }

  Stream<Part> functions() {
    return resources("AWS::Serverless::Function");
  }

  /** The events of a type that call a function. */
  static Stream<Part> events(Part function, String type) {
    return function.map("Properties/Events").entrySet().stream()
        .map(event -> new Part(function.id() + "." + event.getKey(), asMap(event.getValue())))
        .filter(event -> event.text("Type").equals(type));
  }

  private Map<String, Object> withGlobals(String type, Map<String, Object> resource) {
    if (!type.equals("AWS::Serverless::Function")) {
      return resource;
    }
    Map<String, Object> merged = new LinkedHashMap<>(resource);
    merged.put("Properties", merge(all().map("Globals/Function"), asMap(resource.get("Properties"))));
    return merged;
  }

  private static Map<String, Object> merge(Map<String, Object> below, Map<String, Object> above) {
    Map<String, Object> merged = new LinkedHashMap<>(below);
    above.forEach((name, value) -> merged.merge(name, value,
        (was, is) -> was instanceof Map && is instanceof Map ? merge(asMap(was), asMap(is)) : is));
    return merged;
  }

  /** A test for each part, of which there must be one. */
  static Stream<DynamicTest> each(Stream<Part> parts, ThrowingConsumer<Part> rule) {
    List<Part> all = parts.toList();
    assertThat(all).isNotEmpty();
    return all.stream().map(part -> DynamicTest.dynamicTest(part.id(), () -> rule.accept(part)));
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> asMap(@Nullable Object node) {
    return node instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
  }

  private static final class Calls extends SafeConstructor {
    Calls() {
      super(new LoaderOptions());
      yamlMultiConstructors.put("!", new AbstractConstruct() {
        @Override
        public Object construct(Node node) {
          Object argument = node instanceof ScalarNode scalar ? scalar.getValue() : Objects.toString(node);
          return node.getTag().getValue().substring(1) + " " + argument;
        }
      });
    }
  }
}
