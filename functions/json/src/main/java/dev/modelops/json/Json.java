package dev.modelops.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.modelops.domain.problem.Problem;
import dev.modelops.domain.problem.Refused;
import dev.modelops.domain.problem.Violation;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The one way in which the system reads and writes JSON: records by component names, absent instead of null, enums in
 * lower case with hyphens, RFC 3339 instants with milliseconds, ISO 8601 durations, sets in order.
 *
 * <p>Requests go through {@link #tree} and {@link #bind}, which refuse what is not exactly right; what the system wrote
 * itself goes through {@link #read}, which ignores fields it does not know, since an older build may meet newer data.
 */
public final class Json {
  private static final JsonMapper MAPPER = mapper();
  private static final ObjectReader STRICT = MAPPER.reader()
      .with(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
      .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private Json() {}

  private static JsonMapper mapper() {
    JsonFactory factory = JsonFactory.builder()
        .streamReadConstraints(StreamReadConstraints.builder()
            .maxNestingDepth(2 * StrictText.DEEPEST)
            .maxNumberLength(StrictText.LONGEST_NUMBER)
            .build())
        .build();
    return JsonMapper.builder(factory)
        .annotationIntrospector(new RecordIntrospector())
        .changeDefaultPropertyInclusion(all -> all.withValueInclusion(JsonInclude.Include.NON_NULL))
        .enable(MapperFeature.INFER_RECORD_GETTERS_FROM_COMPONENTS_ONLY)
        .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY, MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
        .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
            DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS, DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
        .addModule(Formats.module())
        .build();
  }

  /** The mapper itself, for readers and writers of special forms. */
  public static JsonMapper jackson() {
    return MAPPER;
  }

  /** Lets go of the buffers that are used again and again, by trees too: they keep what was read and written in them. */
  public static void forget() {
    List.of(MAPPER, JsonMapper.shared()).forEach(mapper -> mapper.tokenStreamFactory()._getRecyclerPool().clear());
  }

  /** Compact UTF-8. The order of fields is that of the record. */
  public static byte[] write(Object value) {
    return MAPPER.writeValueAsBytes(value);
  }

  /** Like {@link #write}, as text. */
  public static String text(Object value) {
    return MAPPER.writeValueAsString(value);
  }

  /** The tree of what {@link #write} writes. */
  public static JsonNode node(Object value) {
    return MAPPER.valueToTree(value);
  }

  /** Reads what the system wrote; unknown fields are ignored. */
  public static <T> T read(byte[] json, Class<T> type) {
    return MAPPER.readValue(json, type);
  }

  /** Reads what the system wrote; unknown fields are ignored. */
  public static <T> T read(String json, Class<T> type) {
    return MAPPER.readValue(json, type);
  }

  /** Reads what the system wrote; unknown fields are ignored. */
  public static <T> T read(String json, TypeReference<T> type) {
    return MAPPER.readValue(json, type);
  }

  /**
   * Reads a request's body. Accepts exactly one JSON value in valid UTF-8, at most {@value StrictText#DEEPEST} levels
   * deep, without duplicate names, unpaired surrogates, or numbers that JSON's readers would understand differently
   * (RFC 7493, RFC 8785).
   *
   * @throws Refused as {@link Problem#MALFORMED_BODY}, or {@link Problem#UNPROCESSABLE} when it is too deep, saying
   *     what and where
   */
  public static JsonNode tree(byte[] body) {
    String text = StrictText.decode(body);
    JsonNode tree;
    try {
      tree = STRICT.readTree(text);
    } catch (JacksonException malformed) {
      throw StrictText.malformed(malformed);
    }
    if (tree == null || tree.isMissingNode()) {
      throw Refused.of(Problem.MALFORMED_BODY, "the body is empty where JSON is expected");
    }
    StrictText.check(tree);
    return tree;
  }

  /**
   * Makes a record of a request's tree, which has passed its schema.
   *
   * @throws Refused as {@link Problem#INVALID_REQUEST} when the tree does not fit the record all the same
   */
  public static <T> T bind(JsonNode tree, Class<T> type) {
    if (type.isInstance(tree)) {
      return type.cast(tree);
    }
    try {
      // 1.0 is an integer to its schema, which lets nothing else with a point pass for one.
      return MAPPER.readerFor(type)
          .with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .readValue(tree);
    } catch (JacksonException unfit) {
      StringBuilder pointer = new StringBuilder();
      for (JacksonException.Reference step : unfit.getPath()) {
        String name = step.getPropertyName();
        pointer.append('/').append(name == null ? String.valueOf(step.getIndex()) : Pointers.escape(name));
      }
      throw Refused.invalid(Problem.INVALID_REQUEST,
          List.of(new Violation(pointer.toString(), "type", "this value cannot be read here", null)));
    }
  }
}
