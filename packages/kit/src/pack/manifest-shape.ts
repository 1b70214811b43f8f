import { message } from "@doppelwerk/messages";
import { fault } from "@doppelwerk/messages/faults";
import { errorStatus, type Action, type ErrorCode } from "@doppelwerk/world";
import { z } from "zod";
import { PackKpi } from "./kpi-shape.ts";
import { dotted, path } from "./manifest-fields.ts";
import { KindStep } from "./kind-steps.ts";
import { isPlainSchema } from "./plain-schema.ts";
import { PackSetUp } from "./set-up-shape.ts";
import { PackView } from "./view-shape.ts";

/** What a pack may ask for. It holds for its own work and for what it does in the place of a caller. */
export const PACK_PERMISSIONS = ["read", "edit", "record", "publish"] as const;
export type PackPermission = (typeof PACK_PERMISSIONS)[number];

/** Actions that an operation of a pack may ask of its caller. */
const ACTIONS = ["read", "edit", "run", "comment", "acknowledge", "enter", "administer"] as const satisfies readonly Action[];
const ERRORS = Object.keys(errorStatus) as [ErrorCode, ...ErrorCode[]];

const featureId = z
  .string()
  .max(60)
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
const token = z
  .string()
  .max(120)
  .regex(/^[a-z][A-Za-z0-9]*(\.[a-z][A-Za-z0-9]*)+@[1-9]\d*$/);
const schema = z
  .record(z.string(), z.unknown())
  .refine((given) => isPlainSchema(given) && isReadable(given), fault(message("packs.schemaNotPlain")));
const list = <Item extends z.ZodType>(item: Item, max: number) => z.array(item).max(max).default([]);

/** What is no schema at all is found when it is read, not when a request comes. */
function isReadable(given: Readonly<Record<string, unknown>>): boolean {
  try {
    // both ways: the document of the API is made of it again
    z.toJSONSchema(z.fromJSONSchema(given as Parameters<typeof z.fromJSONSchema>[0]), { io: "output", unrepresentable: "any" });
    return true;
  } catch {
    return false;
  }
}

/** A query has names and values, and nothing inside one another. */
function isQuery({ type, properties, required = [], ...others }: Readonly<Record<string, unknown>>): boolean {
  if (type !== "object" || typeof properties !== "object" || properties === null || !Array.isArray(required)) return false;
  const isRest = Object.keys(others).every((keyword) => keyword === "title" || keyword === "description");
  return isRest && Object.values(properties).every((property) => typeof property === "object");
}

const Endpoint = z.strictObject({
  id: dotted,
  route: z
    .string()
    .max(200)
    .regex(/^(GET|POST|PUT|PATCH|DELETE) (\/[\w-]+|\/:[a-z]\w*)+$/),
  summary: z.string().min(1).max(500),
  action: z.enum(ACTIONS),
  branch: z
    .string()
    .regex(/^(params|query|body)\.\w+$/)
    .optional(),
  subject: z
    .string()
    .regex(/^(params|query|body)\.\w+$/)
    .optional(),
  query: schema.refine(isQuery, fault(message("packs.queryNotObject"))).optional(),
  body: schema.optional(),
  /** Absent = nothing is answered (204). */
  answer: schema.optional(),
  status: z.literal([200, 201, 202]).optional(),
  errors: z.array(z.enum(ERRORS)).max(20).optional(),
});

const Topic = z.strictObject({
  id: dotted,
  summary: z.string().min(1).max(500),
  action: z.enum(ACTIONS),
  subject: z
    .string()
    .regex(/^payload\.\w+$/)
    .optional(),
  branch: z
    .string()
    .regex(/^payload\.\w+$/)
    .optional(),
  payload: schema,
});

const field = z
  .string()
  .max(60)
  .regex(/^[a-z]\w*$/);
const titleText = z.string().min(1).max(100);

/** What a feature concludes of documents and the samples that they name: its module runs in a sandbox. */
const Fold = z.strictObject({
  id: dotted,
  /** Of what it concludes: another one derives the past again. */
  version: z.int().min(1).max(1_000_000).default(1),
  /** JavaScript or TypeScript whose default export is a `PackFold`. */
  module: path,
  /** Kind of this feature: the fold is opened for each of its documents. */
  kind: dotted,
  /** Fields of those documents that hold the id of a signal; their order is the order within one instant. */
  inputs: z.array(field).min(1).max(50),
  /** Field that holds the id of the shell that what is concluded belongs to. */
  shell: field.optional(),
  state: z
    .strictObject({ version: z.int().min(1).max(100).default(1), maxBytes: z.int().min(100).max(100_000).default(20_000) })
    .default({ version: 1, maxBytes: 20_000 }),
  /** Each is kept as samples of a derived signal of the document; its role there is the type. */
  outputs: z
    .array(
      z.strictObject({
        type: field,
        valueType: z.enum(["double", "integer", "boolean", "string"]),
        unit: z.string().min(1).max(40).optional(),
        title: z.strictObject({ en: titleText, zh: titleText }),
      }),
    )
    .min(1)
    .max(50),
});
export type PackFoldDeclaration = z.output<typeof Fold>;

/** What a station of a simulated line is worked by: its module runs in a sandbox of the thread that simulates. */
const Component = z.strictObject({
  id: dotted,
  title: z.strictObject({ en: titleText, zh: titleText }),
  /** JavaScript or TypeScript whose default export is a `StationComponent`. */
  module: path,
  /** JSON Schema of an object; its defaults are those of parameters that a station does not give. */
  parameters: schema
    .refine(({ type }) => type === "object", fault(message("packs.parametersNotObject")))
    .default({ type: "object", properties: {} }),
  /** Numbers that a place keeps from one part to the next. */
  state: list(field, 50),
  /** Numbers that a part carries. */
  part: list(field, 20),
  uses: list(z.strictObject({ id: field, unit: z.string().min(1).max(40), title: z.strictObject({ en: titleText, zh: titleText }) }), 20),
  /** Resources of the line that a step may hold, by their names. */
  resources: list(z.string().min(1).max(60), 20),
  /** Random numbers that it may draw for one part. */
  draws: z.int().min(0).max(256).default(8),
});
export type PackComponentDeclaration = z.output<typeof Component>;

const Kind = z.strictObject({
  id: dotted,
  /** Of the fields that `schema` describes; documents that were stored by an earlier one are read by the steps of `upcast`. */
  version: z.int().min(1).max(1_000).default(1),
  schema,
  /** By version, the steps to the next one. */
  upcast: z.record(z.string().regex(/^[1-9]\d{0,2}$/), z.array(KindStep).max(100)).default({}),
});

/** One feature of a pack as data: what `feature()` says in code, without running any. */
const PackFeature = z.strictObject({
  id: featureId,
  perWorld: z.boolean().default(true),
  /** JavaScript that exports the manifest as code (`feature()`), for folds, jobs and settings. Run only where the pack is trusted. */
  module: path.optional(),
  /** Exports `open`. */
  server: path.optional(),
  /** Folder with `en.json` and `zh.json`. */
  words: path.optional(),
  needs: z.strictObject({ ports: list(token, 100), may: list(token, 100) }).default({ ports: [], may: [] }),
  offers: z.strictObject({ ports: list(token, 100) }).default({ ports: [] }),
  /** What it shows in the studio. */
  views: list(PackView, 100),
  endpoints: list(Endpoint, 200),
  topics: list(Topic, 100),
  kinds: list(Kind, 100),
  events: list(z.strictObject({ type: dotted, keys: list(z.string().min(1).max(60), 20) }), 100),
  folds: list(Fold, 20),
  /** For the simulation of lines. */
  components: list(Component, 50),
  /** Key figures of a period, shown with those of the product. */
  kpis: list(PackKpi, 50),
  /** Documents and alarm rules that it begins with, proposed on a branch. */
  setUp: PackSetUp.optional(),
});
export type PackFeature = z.output<typeof PackFeature>;

/** `package.json#doppelwerk`. */
export const PackBlock = z.strictObject({
  /** Range of the kit's API, as `^1` or `^1.2`. */
  api: z.string(),
  permissions: z.array(z.enum(PACK_PERMISSIONS)).max(PACK_PERMISSIONS.length).default([]),
  contributes: z.strictObject({
    features: z.array(PackFeature).min(1).max(50),
    /** AASX or JSON files with templates of the domain. */
    templates: list(path, 100),
  }),
});

/** Name and version as npm takes them; other fields of `package.json` are npm's. */
export const PackageFields = z.object({
  name: z
    .string()
    .max(214)
    .regex(/^(@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*$/),
  version: z
    .string()
    .max(64)
    .regex(/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/),
  description: z.string().max(2_000).default(""),
});
