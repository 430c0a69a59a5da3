package dev.modelops.json;

import dev.modelops.domain.Ref;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.KeyDeserializer;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.module.SimpleModule;

/** How single values look. */
final class Formats {
  private Formats() {}

  static SimpleModule module() {
    SimpleModule module = new SimpleModule("modelops");
    module.addSerializer(Instant.class, new InstantText());
    module.addDeserializer(Instant.class, new TextInstant());
    module.addSerializer(Ref.class, new RefText());
    module.addDeserializer(Ref.class, new TextRef());
    module.addKeyDeserializer(Ref.class, new KeyRef());
    module.addSerializer(Double.class, new FiniteDouble());
    module.addSerializer(double.class, new FiniteDouble());
    module.addSerializer(new SortedSet());
    return module;
  }

  private static final class InstantText extends ValueSerializer<Instant> {
    @Override
    public void serialize(Instant value, JsonGenerator json, SerializationContext context) {
      json.writeString(Times.text(value));
    }
  }

  private static final class TextInstant extends ValueDeserializer<Instant> {
    @Override
    public Instant deserialize(JsonParser json, DeserializationContext context) {
      String text = json.getValueAsString("");
      Optional<Instant> time = Times.parse(text);
      return time.isPresent() ? time.get()
          : (Instant) context.handleWeirdStringValue(Instant.class, text, "not an RFC 3339 date and time");
    }
  }

  private static final class RefText extends ValueSerializer<Ref> {
    @Override
    public void serialize(Ref value, JsonGenerator json, SerializationContext context) {
      json.writeString(value.toString());
    }
  }

  private static final class TextRef extends ValueDeserializer<Ref> {
    @Override
    public Ref deserialize(JsonParser json, DeserializationContext context) {
      String text = json.getValueAsString("");
      try {
        return Ref.parse(text);
      } catch (IllegalArgumentException notARef) {
        return (Ref) context.handleWeirdStringValue(Ref.class, text, "%s", notARef.getMessage());
      }
    }
  }

  private static final class KeyRef extends KeyDeserializer {
    @Override
    public Object deserializeKey(String key, DeserializationContext context) {
      return Ref.parse(key);
    }
  }

  /** JSON has neither NaN nor infinities: whoever computed one made a mistake before. */
  private static final class FiniteDouble extends ValueSerializer<Double> {
    @Override
    public void serialize(Double value, JsonGenerator json, SerializationContext context) {
      if (!Double.isFinite(value)) {
        context.reportMappingProblem("%s is no JSON number", value);
      }
      json.writeNumber(value.doubleValue());
    }
  }

  /** In order, since a set has none: the same set must have the same digest on every machine. */
  private static final class SortedSet extends ValueSerializer<Set<?>> {
    @Override
    @SuppressWarnings("unchecked")
    public Class<Set<?>> handledType() {
      return (Class<Set<?>>) (Class<?>) Set.class;
    }

    @Override
    public void serialize(Set<?> set, JsonGenerator json, SerializationContext context) {
      List<Object> sorted = new ArrayList<>(set);
      sorted.sort((a, b) -> text(a).compareTo(text(b)));
      json.writeStartArray();
      for (Object each : sorted) {
        context.writeValue(json, each);
      }
      json.writeEndArray();
    }

    @Override
    public boolean isEmpty(SerializationContext context, Set<?> set) {
      return set.isEmpty();
    }

    private static String text(Object value) {
      return value instanceof Enum<?> constant ? RecordIntrospector.wire(constant) : value.toString();
    }
  }
}
