package dev.modelops.domain.access;

import static dev.modelops.domain.access.Permission.*;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** The roles and what each may do: the one table that contract, router and tests share. */
public enum Role {
  VIEWER(READ),
  DATA_SCIENTIST(READ, WRITE_MODELS, WITHDRAW_VERSIONS, DOWNLOAD_ARTIFACTS, REQUEST_DEPLOYMENT, POST_METRICS),
  ML_ENGINEER(READ, WRITE_MODELS, WITHDRAW_VERSIONS, DOWNLOAD_ARTIFACTS, MOVE_ALIASES, WRITE_DATASETS,
      REQUEST_DEPLOYMENT, REQUEST_ANY_DEPLOYMENT, POST_METRICS),
  DATA_ENGINEER(READ, WRITE_DATASETS, POST_METRICS),
  OPERATOR(READ, WITHDRAW_VERSIONS, DOWNLOAD_ARTIFACTS, REQUEST_DEPLOYMENT, REQUEST_ANY_DEPLOYMENT, OPERATE,
      POST_METRICS),
  RISK_OFFICER(READ, READ_AUDIT, WITHDRAW_VERSIONS, APPROVE, CHANGE_RISK_TIER),
  BUSINESS_OWNER(READ, APPROVE),
  AUDITOR(READ, READ_AUDIT),
  ADMIN(READ, READ_AUDIT, ADMINISTER);

  private final Set<Permission> permissions;

  Role(Permission... permissions) {
    this.permissions = Set.copyOf(EnumSet.of(permissions[0], permissions));
  }

  public Set<Permission> permissions() {
    return permissions;
  }

  public String wire() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
