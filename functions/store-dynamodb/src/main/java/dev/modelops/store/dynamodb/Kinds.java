package dev.modelops.store.dynamodb;

import dev.modelops.json.Times;
import dev.modelops.domain.Entity;
import dev.modelops.domain.EntityKind;
import dev.modelops.domain.Ref;
import dev.modelops.domain.access.Department;
import dev.modelops.domain.access.IdentityProvider;
import dev.modelops.domain.access.Token;
import dev.modelops.domain.deployment.Approval;
import dev.modelops.domain.deployment.Deployment;
import dev.modelops.domain.deployment.Environment;
import dev.modelops.domain.deployment.Slot;
import dev.modelops.domain.registry.Alias;
import dev.modelops.domain.registry.Check;
import dev.modelops.domain.registry.Model;
import dev.modelops.domain.registry.Version;
import dev.modelops.domain.registry.Words;
import dev.modelops.store.dynamodb.Kind.Key;
import dev.modelops.store.dynamodb.Kind.Term;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Every key of every kind of entity: the one place that says what lies where. */
final class Kinds {

  static final Kind<Model> MODEL = new Kind<>(EntityKind.MODEL, Model.class) {
    @Override
    Key key(Ref ref) {
      return single("model", ref);
    }

    @Override
    List<Term> terms(Model model) {
      List<Term> terms = new ArrayList<>();
      terms.add(ALL);
      terms.add(new Term("kind", wire(model.kind())));
      if (model.owner() != null) {
        terms.add(new Term("owner", model.owner()));
      }
      if (model.riskTier() != null) {
        terms.add(new Term("tier", wire(model.riskTier())));
      }
      model.tags().forEach((key, value) -> terms.add(new Term("tag", key + ":" + value)));
      return terms;
    }

    @Override
    Set<String> words(Model model) {
      return Words.of(model.name(), model.title());
    }
  };

  static final Kind<Version> VERSION = new Kind<>(EntityKind.VERSION, Version.class) {
    @Override
    Key key(Ref ref) {
      Key key = below("versions", ref);
      // A text that is no number, or not as numbers are written, names no version: nothing is found under it.
      return new Key(key.pk(),
          key.sk().matches("[1-9][0-9]{0,8}") ? number(Integer.parseInt(key.sk())) : "#" + key.sk());
    }

    @Override
    String children(Ref model) {
      return "versions#" + model.id();
    }

    @Override
    Optional<Key> index(Version version) {
      return Optional.ofNullable(version.gitCommit())
          .map(commit -> new Key(commits(version.model(), commit), number(version.version())));
    }

    @Override
    Optional<Instant> due(Version version) {
      return version.state() == Version.State.PENDING ? Optional.ofNullable(version.expiresAt()) : Optional.empty();
    }
  };

  static final Kind<Alias> ALIAS = new Kind<>(EntityKind.ALIAS, Alias.class) {
    @Override
    Key key(Ref ref) {
      return below("aliases", ref);
    }

    @Override
    String children(Ref model) {
      return "aliases#" + model.id();
    }
  };

  static final Kind<Check> CHECK = new Kind<>(EntityKind.CHECK, Check.class) {
    @Override
    Key key(Ref ref) {
      return below("checks", ref);
    }

    @Override
    String children(Ref version) {
      return "checks#" + version.id();
    }
  };

  static final Kind<Environment> ENVIRONMENT = new Kind<>(EntityKind.ENVIRONMENT, Environment.class) {
    @Override
    Key key(Ref ref) {
      return new Key("environments", ref.id());
    }

    @Override
    String children(Ref organisation) {
      return "environments";
    }
  };

  static final Kind<Slot> SLOT = new Kind<>(EntityKind.SLOT, Slot.class) {
    /** Below the model, so that all slots of a model are read strongly: an environment's name holds no colon. */
    @Override
    Key key(Ref ref) {
      int colon = ref.id().indexOf(':');
      return new Key("slots#" + ref.id().substring(colon + 1), colon < 1 ? Items.SINGLE : ref.id().substring(0, colon));
    }

    @Override
    String children(Ref model) {
      return "slots#" + model.id();
    }

    @Override
    List<Term> terms(Slot slot) {
      Term environment = new Term("environment", slot.environment());
      return slot.automatic() ? List.of(environment, new Term("auto-deploy", slot.environment()))
          : List.of(environment);
    }
  };

  static final Kind<Deployment> DEPLOYMENT = new Kind<>(EntityKind.DEPLOYMENT, Deployment.class) {
    @Override
    Key key(Ref ref) {
      return single("deployment", ref);
    }

    @Override
    Optional<Key> index(Deployment deployment) {
      return Optional.ofNullable(deployment.liveAt())
          .map(at -> new Key(liveHistory(deployment.environment(), deployment.model()),
              Times.text(at) + "#" + deployment.id()));
    }

    @Override
    Optional<Instant> due(Deployment deployment) {
      return deployment.state() == Deployment.State.DEPLOYING
          ? Optional.ofNullable(deployment.deadline())
          : Optional.empty();
    }

    /**
     * Only states in which there is work left are terms: they are few at a time, and one move displaces up to ten
     * deployments, each of whose changed terms is an item of the transaction.
     */
    @Override
    List<Term> terms(Deployment deployment) {
      List<Term> terms = new ArrayList<>(List.of(ALL, new Term("model", Ref.fold(deployment.model())),
          new Term("environment", deployment.environment())));
      if (deployment.state().open()) {
        terms.add(new Term("state", deployment.state().wire()));
      }
      return terms;
    }
  };

  static final Kind<Approval> APPROVAL = new Kind<>(EntityKind.APPROVAL, Approval.class) {
    @Override
    Key key(Ref ref) {
      return below("approvals", ref);
    }

    @Override
    String children(Ref deployment) {
      return "approvals#" + deployment.id();
    }
  };

  static final Kind<Token> TOKEN = new Kind<>(EntityKind.TOKEN, Token.class) {
    @Override
    Key key(Ref ref) {
      return single("token", ref);
    }

    @Override
    List<Term> terms(Token token) {
      return List.of(ALL, new Term("subject", token.subject()), new Term("creator", token.createdBy()));
    }

    @Override
    Set<String> secrets() {
      return Set.of("/secretHash");
    }
  };

  static final Kind<Department> DEPARTMENT = new Kind<>(EntityKind.DEPARTMENT, Department.class) {
    @Override
    Key key(Ref ref) {
      return new Key("departments", ref.id());
    }

    @Override
    String children(Ref organisation) {
      return "departments";
    }
  };

  static final Kind<IdentityProvider> IDENTITY_PROVIDER =
      new Kind<>(EntityKind.IDENTITY_PROVIDER, IdentityProvider.class) {
        @Override
        Key key(Ref ref) {
          return new Key("identity-providers", ref.id());
        }

        @Override
        String children(Ref organisation) {
          return "identity-providers";
        }
      };

  private static final Term ALL = new Term("all", "");

  private Kinds() {}

  static Kind<?> of(EntityKind kind) {
    return switch (kind) {
      case MODEL -> MODEL;
      case VERSION -> VERSION;
      case ALIAS -> ALIAS;
      case CHECK -> CHECK;
      case ENVIRONMENT -> ENVIRONMENT;
      case SLOT -> SLOT;
      case DEPLOYMENT -> DEPLOYMENT;
      case APPROVAL -> APPROVAL;
      case TOKEN -> TOKEN;
      case DEPARTMENT -> DEPARTMENT;
      case IDENTITY_PROVIDER -> IDENTITY_PROVIDER;
    };
  }

  @SuppressWarnings("unchecked") // a reference's kind and its record go together
  static <E extends Entity> Kind<E> of(E entity) {
    return (Kind<E>) of(entity.ref().kind());
  }

  @SuppressWarnings("unchecked")
  static <E extends Entity> Kind<E> of(Class<E> type) {
    for (EntityKind kind : EntityKind.values()) {
      if (of(kind).type() == type) {
        return (Kind<E>) of(kind);
      }
    }
    throw new IllegalArgumentException("nothing is stored of " + type);
  }

  /** Index of the versions of a model by commit. */
  static String commits(String model, String commit) {
    return "commit#" + Ref.fold(model) + "#" + commit;
  }

  /** Index of the deployments that were ever live, by when. */
  static String liveHistory(String environment, String model) {
    return "live#" + environment + "#" + Ref.fold(model);
  }

  static String number(int version) {
    return Items.padded(version, 10);
  }

  private static String wire(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static Key single(String prefix, Ref ref) {
    return new Key(prefix + "#" + ref.id(), Items.SINGLE);
  }

  /** The last part of the id is the sort key, what stands before it the partition. */
  private static Key below(String prefix, Ref ref) {
    int colon = ref.id().lastIndexOf(':');
    String parent = ref.id().substring(0, Math.max(0, colon));
    return new Key(prefix + "#" + parent, ref.id().substring(colon + 1));
  }
}
