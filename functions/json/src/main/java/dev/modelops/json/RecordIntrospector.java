package dev.modelops.json;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.Nulls;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.Version;
import tools.jackson.databind.AnnotationIntrospector;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.introspect.AnnotatedConstructor;
import tools.jackson.databind.introspect.AnnotatedMethod;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.jsontype.NamedType;

/**
 * Stands in for annotations, so that domain has none: a record with the single component {@code value} is that value; a
 * sealed interface carries {@code type}; enums are lower case with hyphens; a collection that is not
 * {@code @Nullable} is empty when absent.
 */
final class RecordIntrospector extends AnnotationIntrospector {
  private static final long serialVersionUID = 1;
  private static final String OURS = "dev.modelops.";

  @Override
  public Version version() {
    return Version.unknownVersion();
  }

  @Override
  public @Nullable Boolean hasAsValue(MapperConfig<?> config, Annotated annotated) {
    boolean accessor = annotated instanceof AnnotatedMethod method && method.getParameterCount() == 0
        && isValue(method.getDeclaringClass()) && method.getName().equals("value");
    return accessor ? Boolean.TRUE : null;
  }

  @Override
  public JsonCreator.@Nullable Mode findCreatorAnnotation(MapperConfig<?> config, Annotated annotated) {
    boolean canonical = annotated instanceof AnnotatedConstructor constructor
        && isValue(constructor.getDeclaringClass()) && constructor.getParameterCount() == 1;
    return canonical ? JsonCreator.Mode.DELEGATING : null;
  }

  @Override
  public JsonTypeInfo.@Nullable Value findPolymorphicTypeInfo(MapperConfig<?> config, Annotated annotated) {
    return annotated instanceof AnnotatedClass type && sealedBase(type.getRawType()) != null
        ? JsonTypeInfo.Value.construct(JsonTypeInfo.Id.NAME, JsonTypeInfo.As.PROPERTY, "type", null, false, true,
            null)
        : null;
  }

  @Override
  public @Nullable List<NamedType> findSubtypes(MapperConfig<?> config, Annotated annotated) {
    if (!(annotated instanceof AnnotatedClass type) || !isSealed(type.getRawType())) {
      return null;
    }
    List<NamedType> types = new ArrayList<>();
    for (Class<?> permitted : type.getRawType().getPermittedSubclasses()) {
      types.add(new NamedType(permitted, typeName(permitted)));
    }
    return types;
  }

  @Override
  public @Nullable String findTypeName(MapperConfig<?> config, AnnotatedClass type) {
    return sealedBase(type.getRawType()) == null ? null : typeName(type.getRawType());
  }

  @Override
  public String[] findEnumValues(MapperConfig<?> config, AnnotatedClass type, Enum<?>[] values, String[] names) {
    for (int i = 0; i < values.length; i++) {
      names[i] = wire(values[i]);
    }
    return names;
  }

  @Override
  public JsonSetter.@Nullable Value findSetterInfo(MapperConfig<?> config, Annotated annotated) {
    if (annotated instanceof AnnotatedParameter parameter && parameter.getDeclaringClass().isRecord()
        && (Collection.class.isAssignableFrom(parameter.getRawType())
            || Map.class.isAssignableFrom(parameter.getRawType()))) {
      RecordComponent[] components = parameter.getDeclaringClass().getRecordComponents();
      RecordComponent component = components.length > parameter.getIndex() ? components[parameter.getIndex()] : null;
      if (component != null && !component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
        return JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY);
      }
    }
    return null;
  }

  static String wire(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static boolean isValue(Class<?> type) {
    return type.isRecord() && type.getName().startsWith(OURS) && type.getRecordComponents().length == 1
        && type.getRecordComponents()[0].getName().equals("value");
  }

  private static boolean isSealed(Class<?> type) {
    return type.isInterface() && type.isSealed() && type.getName().startsWith(OURS);
  }

  private static @Nullable Class<?> sealedBase(Class<?> type) {
    if (isSealed(type)) {
      return type;
    }
    for (Class<?> each : type.getName().startsWith(OURS) ? type.getInterfaces() : new Class<?>[0]) {
      Class<?> base = sealedBase(each);
      if (base != null) {
        return base;
      }
    }
    return null;
  }

  /** {@code AwaitingApproval} → {@code awaiting-approval}. */
  private static String typeName(Class<?> type) {
    return type.getSimpleName().replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
  }
}
