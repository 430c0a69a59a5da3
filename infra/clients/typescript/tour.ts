/**
 * The README's tour through a client whose types openapi-typescript generated from the contract: typed calls, checked answers.
 * MODELOPS_URL says where the API answers, MODELOPS_TOKENS is a folder with one file per role that holds a token of it.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import createClient from "openapi-fetch";
import type { components, paths } from "./generated/api.js";

const model = "iris-typescript";
const file = readFileSync(join(import.meta.dirname, "../../../demo/iris.onnx"));

function setting(name: string): string {
  const value = process.env[name];
  assert(value, `set ${name}`);
  return value;
}

function caller(role: string) {
  const token = readFileSync(join(setting("MODELOPS_TOKENS"), role), "ascii").trim();
  return createClient<paths>({ baseUrl: setting("MODELOPS_URL"), headers: { Authorization: `Bearer ${token}` } });
}

/** The body of an answer that is not a problem. */
function answered<T>(answer: { data?: T; error?: unknown }): T {
  assert(answer.data !== undefined, JSON.stringify(answer.error));
  return answer.data;
}

/** What a refusal says; those of the gateway itself are messages, not problems. */
function problem(answer: { error?: components["schemas"]["Problem"] | components["schemas"]["GatewayMessage"] }) {
  assert(answer.error !== undefined && "type" in answer.error, JSON.stringify(answer.error));
  return [answer.error.status, answer.error.type];
}

/** To the store itself, by exactly the method, headers and URL that were granted. */
async function upload({ grant }: components["schemas"]["Upload"]) {
  const stored = await fetch(grant.url, { method: grant.method, headers: grant.headers, body: file });
  assert(stored.ok, await stored.text());
}

const [engineer, officer, operator, viewer, auditor] = [
  caller("ml-engineer"), caller("risk-officer"), caller("operator"), caller("viewer"), caller("auditor")];

const me = answered(await engineer.GET("/v1/whoami"));
assert(me.effective[0]?.permissions.includes("write-models"));

answered(await engineer.PUT("/v1/models/{model}", {
  params: { path: { model } },
  body: { kind: "ml", department: "demo", title: "Iris species", purpose: "Names the species of an iris" },
}));

const created = answered(await engineer.POST("/v1/models/{model}/versions", {
  params: { path: { model } },
  body: {
    externalId: "build-1",
    artifacts: [{
      path: "iris.onnx", size: file.length, sha256: createHash("sha256").update(file).digest("hex"),
      mediaType: "application/octet-stream", format: "onnx",
    }],
    trainingMetrics: { accuracy: 0.93 },
  },
}));
assert.equal(created.state, "pending");
for (const one of created.uploads) {
  await upload(one);
}
const version = created.version;
const ready = answered(await engineer.POST("/v1/models/{model}/versions/{version}/finalize", { params: { path: { model, version } } }));
assert.equal(ready.state, "ready");

const check = answered(await engineer.POST("/v1/models/{model}/versions/{version}/checks", {
  params: { path: { model, version } }, body: { name: "holdout", status: "passed", metrics: { accuracy: 0.93 } },
}));
assert.equal(check.status, "passed");

const staged = answered(await engineer.POST("/v1/deployments", { body: { model, version, environment: "staging" } }));
assert.equal(staged.state, "live");
const asked = answered(await engineer.POST("/v1/deployments", { body: { model, version, environment: "production" } }));
assert.equal(asked.state, "awaiting-approval");
const deployment = { path: { deployment: asked.id } };
const refused = await engineer.POST("/v1/deployments/{deployment}/approvals", { params: deployment, body: { decision: "approved" } });
assert.deepEqual(problem(refused), [403, "/problems/forbidden"]);
answered(await officer.POST("/v1/deployments/{deployment}/approvals", {
  params: { ...deployment, header: { "X-Reason": "quarterly review" } }, body: { decision: "approved" },
}));
const live = answered(await viewer.GET("/v1/environments/{environment}/models/{model}/live", {
  params: { path: { environment: "production", model } },
}));
assert.deepEqual([live.version, live.deployment], [version, asked.id]);

answered(await operator.POST("/v1/metrics", {
  body: {
    model, environment: "production",
    series: [{ metric: "latency_ms", version, points: [{ time: new Date().toISOString(), value: 12.5 }] }],
  },
}));
let bucket: components["schemas"]["MetricBucket"] | undefined;
for (let tries = 0; bucket === undefined && tries < 60; tries++) {
  await sleep(500);
  const polled = answered(await viewer.GET("/v1/models/{model}/metrics", {
    params: { path: { model }, query: { environment: "production", series: [`latency_ms@${version}`], step: "1m" } },
  }));
  bucket = polled.items[0]?.buckets.at(-1);
}
assert.equal(bucket?.p99, 12.5);

const entity = `deployment:${asked.id}`;
const trail = answered(await auditor.GET("/v1/audit", { params: { query: { entity } } }));
assert(typeof trail === "object" && trail.items.some((line) => line.reason === "quarterly review"));
const verified = answered(await auditor.GET("/v1/audit/entities/{entity}/verify", { params: { path: { entity } } }));
assert.equal(verified.verdict, "intact");

const missing = await viewer.GET("/v1/models/{model}", { params: { path: { model: "no-such-model" } } });
assert.deepEqual(problem(missing), [404, "/problems/not-found"]);

console.log("The tour passed through the generated TypeScript client.");
