import type { ModelCard, ModelDetail, ModelRunRequest, ModelRunResult, ModelRunSummary } from "@doppelwerk/client";
import { instant, shapeOf, z } from "@doppelwerk/kit";
import { messageShape } from "@doppelwerk/ports";

const branch = z.string().max(200).default("live");
export const modelsQuery = z.object({ branch, search: z.string().max(200).default("") });
export const modelQuery = z.object({ branch });
export const announceQuery = z.object({
  branch,
  shell: z.string().min(1).max(2000),
  name: z.string().trim().min(1).max(300),
  version: z.string().trim().min(1).max(100).optional(),
});

const variable = z.string().min(1).max(1000);
const binding = z.strictObject({
  variable,
  value: z.union([z.number(), z.boolean(), z.string().max(100_000)]).optional(),
  signal: z.string().max(200).optional(),
  factor: z.number().optional(),
  offset: z.number().optional(),
  property: z.strictObject({ submodel: z.string().max(2000), path: z.string().max(2000) }).optional(),
});
export const modelRunBody = shapeOf<ModelRunRequest>()(
  z.strictObject({
    stepS: z.number().positive().optional(),
    durationS: z.number().positive().max(3.2e8).optional(),
    from: instant.optional(),
    bindings: z.array(binding).max(10_000).optional(),
    outputs: z.array(variable).min(1).max(1000).optional(),
    stepAtInputs: z.boolean().optional(),
    continueFrom: z.string().max(200).optional(),
    keepState: z.boolean().optional(),
  }),
);

const card = z.object({
  /** SHA-256 of the file: what a run names. */
  hash: z.string(),
  name: z.string(),
  description: z.string(),
  shell: z.string(),
  shellName: z.string(),
  /** AAS id of the submodel and idShort path of the version in it. */
  submodel: z.string(),
  path: z.string(),
  version: z.string(),
  fileName: z.string(),
  fileType: z.string(),
  size: z.int(),
  /** It is the version of the model that was announced last. */
  latest: z.boolean(),
});
export const modelCard = shapeOf<ModelCard>()(card);

export const modelDetail = shapeOf<ModelDetail>()(
  card.extend({
    author: z.string().optional(),
    generationTool: z.string().optional(),
    generationTime: z.string().optional(),
    copyright: z.string().optional(),
    license: z.string().optional(),
    documents: z.array(
      z.object({
        name: z.string(),
        contentType: z.string(),
        /** Bytes; absent where the file is elsewhere or missing. */
        size: z.int().optional(),
        submodel: z.string(),
        submodelName: z.string(),
        path: z.string(),
      }),
    ),
    standard: z.string(),
    ports: z.array(
      z.object({
        name: z.string(),
        type: z.string(),
        causality: z.string(),
        variability: z.string(),
        size: z.int(),
        description: z.string().optional(),
        unit: z.string().optional(),
        start: z.string().optional(),
        min: z.number().optional(),
        max: z.number().optional(),
        items: z.array(z.object({ name: z.string(), value: z.number() })).optional(),
      }),
    ),
    experiment: z.object({ startS: z.number().optional(), stopS: z.number().optional(), stepS: z.number().optional() }),
    platforms: z.array(z.string()),
    /** How it would run here, or why it cannot. */
    runs: z.discriminatedUnion("kind", [
      z.object({ kind: z.enum(["wasm", "native"]), platform: z.string() }),
      z.object({ kind: z.literal("none"), why: z.string(), reason: messageShape.optional() }),
    ]),
    canFork: z.boolean(),
    findings: z.array(z.object({ path: z.string(), severity: z.string(), message: z.string() })),
  }),
);

const summary = z.object({
  id: z.string(),
  branch: z.string(),
  model: z.object({ hash: z.string(), name: z.string(), version: z.string() }),
  state: z.enum(["running", "done", "failed", "cancelled"]),
  startedAt: z.int(),
  finishedAt: z.int().optional(),
  message: z.string().optional(),
  reason: messageShape.optional(),
  from: z.number(),
  stepS: z.number(),
  durationS: z.number(),
  traceHash: z.string().optional(),
  keepsState: z.boolean().optional(),
  continueFrom: z.string().optional(),
});
export const modelRunSummary = shapeOf<ModelRunSummary>()(summary);

export const modelRunResult = shapeOf<ModelRunResult>()(
  z.object({
    run: summary,
    /** What a model gives is never measured. */
    origin: z.literal("simulated"),
    request: modelRunBody,
    /** Seconds since the beginning of the run. */
    offsetsS: z.array(z.number()),
    series: z.array(z.object({ name: z.string(), unit: z.string().optional(), values: z.array(z.number().nullable()) })),
    texts: z.record(z.string(), z.string()),
    eventsS: z.array(z.number()),
    endedByModelAtS: z.number().optional(),
    steps: z.int(),
    /** What was put in: where from, how many samples, how many of them bad and therefore held over. */
    inputs: z.array(z.object({ variable: z.string(), from: z.string(), samples: z.int(), held: z.int() })),
    log: z.array(z.string()),
  }),
);
