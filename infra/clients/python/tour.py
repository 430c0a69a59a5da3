"""The README's tour through a client that openapi-python-client generated from the contract: typed calls, checked answers.

MODELOPS_URL says where the API answers, MODELOPS_TOKENS is a folder with one file per role that holds a token of it.
"""
import base64
import hashlib
import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import httpx
from modelops import AuthenticatedClient
from modelops.api.access import who_am_i
from modelops.api.audit import query_audit, verify_entity
from modelops.api.checks import post_check
from modelops.api.deployments import create_deployment, decide_deployment
from modelops.api.live import get_live
from modelops.api.metrics import ingest_metrics, query_metrics
from modelops.api.models import get_model, put_model
from modelops.api.versions import create_version, finalize_version
from modelops.models import (
    ArtifactContent, AuditPage, Check, CheckContent, CheckStatus, CreatedVersion, Decision, DecisionDecision, Deployment,
    DeploymentContent, DeploymentState, Live, Measures, MetricBatch, MetricBatchSeries, MetricBatchTaken, MetricPoint,
    MetricSeriesAnswer, Model, ModelContent, ModelKind, PostedCheck, Problem, QueryMetricsStep, Verification,
    VerificationVerdict, Version, VersionContent, VersionState, WhoAmI)

MODEL = "iris-python"
FILE = Path(__file__).parents[2] / "demo" / "iris.onnx"

Answer = TypeVar("Answer")


def caller(role: str) -> AuthenticatedClient:
    token = Path(os.environ["MODELOPS_TOKENS"], role).read_text(encoding="ascii").strip()
    return AuthenticatedClient(base_url=os.environ["MODELOPS_URL"], token=token, raise_on_unexpected_status=True)


def answered(kind: type[Answer], answer: object) -> Answer:
    assert isinstance(answer, kind), f"{kind.__name__} expected, {answer} came"
    return answer


def upload(version: CreatedVersion) -> None:
    """To the store itself, by exactly the method, headers and URL that were granted."""
    for file in version.uploads:
        grant = file.grant
        httpx.request(grant.method.value, grant.url, headers=grant.headers.to_dict(),
                      content=FILE.read_bytes()).raise_for_status()


def tour() -> None:
    engineer, officer, operator, viewer, auditor = (
        caller(role) for role in ("ml-engineer", "risk-officer", "operator", "viewer", "auditor"))

    me = answered(WhoAmI, who_am_i.sync(client=engineer))
    assert "write-models" in me.effective[0].permissions

    answered(Model, put_model.sync(MODEL, client=engineer, body=ModelContent(
        kind=ModelKind.ML, department="demo", title="Iris species", purpose="Names the species of an iris")))

    content = FILE.read_bytes()
    wanted = VersionContent(external_id="build-1", artifacts=[ArtifactContent(
        path="iris.onnx", size=len(content), sha256=hashlib.sha256(content).hexdigest(),
        media_type="application/octet-stream", format_="onnx")], training_metrics=Measures.from_dict({"accuracy": 0.93}))
    created = answered(CreatedVersion, create_version.sync(MODEL, client=engineer, body=wanted))
    assert created.state == VersionState.PENDING
    checksum = created.uploads[0].grant.headers["x-amz-checksum-sha256"]
    assert base64.b64decode(checksum) == hashlib.sha256(content).digest()
    upload(created)
    number = created.version
    ready = answered(Version, finalize_version.sync(MODEL, number, client=engineer))
    assert ready.state == VersionState.READY

    check = CheckContent(name="holdout", status=CheckStatus.PASSED, metrics=Measures.from_dict({"accuracy": 0.93}))
    posted = answered(PostedCheck, post_check.sync(MODEL, number, client=engineer, body=check))
    assert posted.status == CheckStatus.PASSED

    staged = answered(Deployment, create_deployment.sync(
        client=engineer, body=DeploymentContent(model=MODEL, version=number, environment="staging")))
    assert staged.state == DeploymentState.LIVE
    asked = answered(Deployment, create_deployment.sync(
        client=engineer, body=DeploymentContent(model=MODEL, version=number, environment="production")))
    assert asked.state == DeploymentState.AWAITING_APPROVAL
    refused = answered(Problem, decide_deployment.sync(
        asked.id, client=engineer, body=Decision(decision=DecisionDecision.APPROVED)))
    assert (refused.status, refused.type_) == (403, "/problems/forbidden")
    answered(Deployment, decide_deployment.sync(
        asked.id, client=officer, body=Decision(decision=DecisionDecision.APPROVED), x_reason="quarterly review"))
    live = answered(Live, get_live.sync("production", MODEL, client=viewer))
    assert (live.version, live.deployment) == (number, asked.id)

    answered(MetricBatchTaken, ingest_metrics.sync(client=operator, body=MetricBatch(
        model=MODEL, environment="production", series=[MetricBatchSeries(
            metric="latency_ms", version=number, points=[MetricPoint(time=datetime.now(UTC), value=12.5)])])))
    for _ in range(60):
        rolled_up = answered(MetricSeriesAnswer, query_metrics.sync(
            MODEL, client=viewer, environment="production", series=[f"latency_ms@{number}"], step=QueryMetricsStep.MINUTE))
        if rolled_up.items and rolled_up.items[0].buckets:
            break
        time.sleep(0.5)
    assert rolled_up.items[0].buckets[-1].p99 == 12.5

    trail = answered(AuditPage, query_audit.sync(client=auditor, entity=f"deployment:{asked.id}"))
    assert "quarterly review" in [line.reason for line in trail.items]
    verified = answered(Verification, verify_entity.sync(f"deployment:{asked.id}", client=auditor))
    assert verified.verdict == VerificationVerdict.INTACT

    missing = answered(Problem, get_model.sync("no-such-model", client=viewer))
    assert (missing.status, missing.type_) == (404, "/problems/not-found")


if __name__ == "__main__":
    tour()
    print("The tour passed through the generated Python client.")
