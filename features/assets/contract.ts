import { endpoint, fault, instant, localText, message, z } from "@doppelwerk/kit";
import { STATION_ROLES } from "@doppelwerk/operations";
import { messageShape } from "@doppelwerk/ports";

const LIVE = "live";
const branch = z.string().max(200).default(LIVE);
const octets = { octets: "application/octet-stream" } as const;

/** Which repairs are wanted: none, plain, all, constraints by name, or single findings of a report (`@3`, `@3.1`), with commas. */
const repair = z.string().max(12_000).default("none");

export const Finding = z.object({
  path: z.string(),
  constraint: z.string(),
  severity: z.enum(["error", "repaired", "warning", "info"]),
  /** In English; `reason` is the same for a screen of any language. */
  message: z.string(),
  reason: messageShape.optional(),
});

/** What an import of AASX, JSON or XML did: it is merged three-way, so importing again keeps what people changed. */
export const ImportReport = z.object({
  created: z.int(),
  changed: z.int(),
  conflicts: z.int(),
  /** Connections that are described and wait for a person to connect them; absent = none. */
  waiting: z.int().optional(),
  /** Samples of series that the file carries and that were given to the history; absent = none. */
  samples: z.int().optional(),
  findings: z.array(Finding).readonly(),
});
export type ImportReport = z.output<typeof ImportReport>;

/** An import that is carried out or has ended. */
export const ImportJob = z.object({
  /** Of the job: `GET /jobs/:id` shows it too, `DELETE /jobs/:id` cancels it. */
  id: z.string(),
  state: z.enum(["queued", "running", "done", "failed", "cancelled", "poisoned"]),
  name: z.string(),
  /** 0 to 1. */
  progress: z.number(),
  /** Why it failed, in English; `reason` is the same for a screen of any language. */
  message: z.string().optional(),
  reason: messageShape.optional(),
  /** Once it is done. */
  report: ImportReport.optional(),
});
export type ImportJob = z.output<typeof ImportJob>;

const Repair = z.object({
  /** In English; `reason` is the same for a screen of any language. */
  how: z.string(),
  reason: messageShape.optional(),
  told: z.object({ code: z.string(), values: z.array(z.string()).readonly() }).describe("deprecated: use reason"),
  kind: z.enum(["plain", "guess"]),
});

/** What an import of a file would bring. */
export const FileReport = z.object({
  format: z.enum(["aasx", "json", "xml", "unknown"]),
  release: z.string().optional(),
  shells: z.int(),
  submodels: z.int(),
  elements: z.int(),
  conceptDescriptions: z.int(),
  files: z.int(),
  valid: z.boolean(),
  /** With what can be done about each: the best first. */
  findings: z.array(Finding.extend({ repairs: z.array(Repair).readonly().optional() })).readonly(),
  repaired: z
    .array(z.object({ path: z.string(), constraint: z.string(), how: z.string() }))
    .readonly()
    .optional(),
});

/** One time at which a shell, a submodel or an element of it was written. */
export const DocumentVersion = z.object({
  revision: z.int(),
  /** µs since 1970; `$history?date=` of the AAS API gives the document of that time. */
  at: z.int(),
  name: z.string(),
  branch: z.string(),
  reason: z.string(),
  /** The reason for a screen of any language; absent where a person wrote it. */
  message: messageShape.optional(),
  told: messageShape.optional().describe("deprecated: use message"),
});
export type DocumentVersion = z.output<typeof DocumentVersion>;

const Rename = z.object({
  branch,
  /** idShortPath of the element as it is called now. */
  path: z.string().min(1).max(10_000),
  idShort: z.string().min(1).max(128),
  reason: z.string().trim().min(1).max(500).optional(),
});
export type Rename = z.output<typeof Rename>;

export const Renaming = z.object({
  /** idShortPath of the element from now on. */
  path: z.string(),
  /** Records whose references were made to lead to it again. */
  references: z.int(),
  lookedThrough: z.boolean().describe("deprecated: always true, every reference is found by an index"),
});
export type Renaming = z.output<typeof Renaming>;

/** A value with what it is called. */
const ShownLine = z.object({
  label: localText,
  value: z.string(),
  /** Where the value itself is a text in several languages. */
  text: localText.optional(),
});
export type ShownLine = z.output<typeof ShownLine>;

export const ShellCard = z.object({
  aasId: z.string(),
  idShort: z.string(),
  name: localText,
  /** Of a place: the asset that stands there, by its shell, and since when. */
  installed: z.object({ aasId: z.string(), name: localText, from: z.int() }).optional(),
  /** Of a place: that of the asset which stands there. */
  nameplate: z.array(ShownLine).readonly(),
  properties: z
    .array(
      ShownLine.extend({
        path: z.string(),
        unit: z.string(),
        planned: z.object({ value: z.string(), effectiveFrom: z.string(), owner: z.string() }).optional(),
      }),
    )
    .readonly(),
  submodels: z.array(z.object({ idShort: z.string(), id: z.string(), url: z.string() })).readonly(),
});
export type ShellCard = z.output<typeof ShellCard>;

/** The submodel with the series of an asset, and the signal of each of its columns. */
export const SeriesSubmodel = z.object({
  submodel: z.string(),
  columns: z.array(z.object({ idShort: z.string(), signal: z.string() })).readonly(),
});
export type SeriesSubmodel = z.output<typeof SeriesSubmodel>;

export const importFile = endpoint({
  id: "assets.import",
  route: "POST /import",
  summary: "Import an AASX, JSON or XML file of releases 1.0 to 3.1, three-way",
  action: "import",
  query: z.object({
    name: z.string().trim().min(1).max(300),
    repair,
    /** true = what the file describes is connected at once; else a person connects it. */
    connect: z.enum(["true", "false"]).default("false"),
  }),
  body: octets,
  answer: ImportReport,
  accepted: ImportJob,
  errors: ["DW_CONFLICT", "DW_UNAVAILABLE", "DW_QUEUE_FULL", "DW_CANCELLED"],
});

export const readImport = endpoint({
  id: "assets.readImport",
  route: "GET /imports/:id",
  summary: "How far an import is, and what it did",
  action: "import",
  answer: ImportJob,
  errors: ["DW_NOT_FOUND"],
});

export const reportFile = endpoint({
  id: "assets.report",
  route: "POST /import/report",
  summary: "What an import would bring, what is wrong with the file, and what can be repaired; changes nothing",
  action: "import",
  query: z.object({ repair }),
  body: octets,
  answer: FileReport,
  errors: ["DW_UNAVAILABLE"],
});

const versionsQuery = z.object({
  branch,
  path: z.string().max(10_000).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export const versions = endpoint({
  id: "assets.versions",
  route: "GET /submodels/:id/versions",
  people: { as: "author" },
  summary: "When a submodel, or one element of it, was written, by whom and why; newest first",
  action: "read",
  branch: "query.branch",
  query: versionsQuery,
  answer: z.array(DocumentVersion).readonly(),
  errors: ["DW_NOT_FOUND"],
});

export const shellVersions = endpoint({
  id: "assets.shellVersions",
  route: "GET /shells/:id/versions",
  people: { as: "author" },
  summary: "When a shell was written, by whom and why, without what is in its submodels; newest first",
  action: "read",
  branch: "query.branch",
  query: versionsQuery.omit({ path: true }),
  answer: z.array(DocumentVersion).readonly(),
  errors: ["DW_NOT_FOUND"],
});

export const rename = endpoint({
  id: "assets.rename",
  route: "POST /submodels/:id/rename",
  summary: "Rename an element; references to it, and to what is below it, lead there again, in one transaction",
  action: "edit",
  branch: "body.branch",
  body: Rename,
  answer: Renaming,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
});

export const card = endpoint({
  id: "assets.card",
  route: "GET /shells/:id/card",
  summary: "What people see of one asset; id is base64url of the AAS id",
  action: "read",
  branch: "query.branch",
  query: z.object({ branch, at: instant.optional() }),
  answer: ShellCard,
  errors: ["DW_NOT_FOUND"],
});

export const exportSeries = endpoint({
  id: "assets.exportSeries",
  route: "GET /export/time-series",
  summary: "The shells of signals with Time Series Data (IDTA 02008-1-1) as a package, their samples an ExternalSegment as CSV",
  action: "export",
  isDecidedByRecord: true,
  query: z.object({
    signals: z.string().min(1).max(200_000).describe("ids by commas; each belongs to a shell"),
    from: instant,
    to: instant,
  }),
  answer: { octets: "application/asset-administration-shell-package+xml" },
  errors: ["DW_NOT_FOUND"],
});

export const writeSeries = endpoint({
  id: "assets.writeSeries",
  route: "POST /time-series",
  summary: "Write the series of an asset as a submodel Time Series Data (IDTA 02008-1-1), or bring it up to date",
  action: "edit",
  branch: "body.branch",
  body: z.object({ shell: z.string().min(1).max(2_048).describe("id of the shell whose signals are meant"), branch }),
  answer: SeriesSubmodel,
  status: 201,
  errors: ["DW_NOT_FOUND"],
});

const text = z.string();
const list = <Shape extends z.ZodType>(shape: Shape) => z.array(shape).readonly();

/** A value of a plant where it stands in the tree of its source. */
export const PlantValue = z.object({
  signal: text,
  connection: text,
  /** From the root of the source's tree to the value. */
  path: list(text),
  name: text,
  valueType: z.enum(["double", "integer", "boolean", "string", "enumeration"]),
  unit: text.optional(),
  /** AAS id of the shell that it belongs to. */
  shell: text.optional(),
  role: text.optional(),
});
export type PlantValue = z.output<typeof PlantValue>;

export const PlantValues = z.object({
  connections: list(z.object({ id: text, name: text })),
  values: list(PlantValue),
  /** Beyond the first 20,000. */
  more: z.int(),
  /** Shells that values belong to, in the order of their names. */
  assets: list(z.object({ shell: text, idShort: text, name: localText, values: z.int(), isStation: z.boolean() })),
});
export type PlantValues = z.output<typeof PlantValues>;

export const plantValues = endpoint({
  id: "assets.plantValues",
  route: "GET /plant-values",
  summary: "Values of the connected plants by the folders of their sources, and the assets that they belong to",
  action: "read",
  answer: PlantValues,
});

/** What a value is to its asset: a role of the engineering file. */
export const ValueRole = z.enum(STATION_ROLES);
const signals = z.array(z.string().max(200)).min(1).max(500);
/** A column of a template: the name of a value, as it will be called at every asset made of it. */
const column = z.strictObject({ name: z.string().trim().min(1).max(200), role: ValueRole.optional() });

export const AssetProposal = z.object({
  /** Of the asset that the selected values are. */
  name: text,
  /** Name of each selected value at it, in their order. */
  columns: list(text),
  /** What each of them is as its name, type and unit say; null where they say nothing. */
  roles: list(z.enum(STATION_ROLES).nullable()),
  /** Where the same structure of names stands again, whole ones first; a signal for each column, null where there is none. */
  like: list(z.object({ key: text, name: text, signals: list(text.nullable()) })),
  /** Beyond the first 500. */
  more: z.int(),
});
export type AssetProposal = z.output<typeof AssetProposal>;

export const likeAssets = endpoint({
  id: "assets.like",
  route: "POST /assets/like",
  summary: "What selected values would be called as an asset, and where the same structure of names stands again; nothing is written",
  action: "read",
  body: z.strictObject({ signals }),
  answer: AssetProposal,
  errors: ["DW_NOT_FOUND"],
});

export const MakeAssets = z.strictObject({
  columns: z.array(column).min(1).max(500),
  /** Each with a signal for each column, null where it has none. */
  assets: z
    .array(z.strictObject({ name: z.string().trim().min(1).max(128), signals: z.array(z.string().max(200).nullable()).max(500) }))
    .min(1)
    .max(500),
});
export type MakeAssets = z.output<typeof MakeAssets>;

export const makeAssets = endpoint({
  id: "assets.make",
  route: "POST /assets",
  summary: "Make assets of values of the plant: a shell each, with its operational data bound to those signals; one revision",
  action: "edit",
  body: MakeAssets,
  answer: z.object({ assets: list(z.object({ shell: text, idShort: text, name: text })) }),
  status: 201,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
});

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);
const weekdays = z.string().regex(/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)( (Mon|Tue|Wed|Thu|Fri|Sat|Sun))*$/);

export const MakeLine = z.strictObject({
  name: z.string().trim().min(1).max(128),
  /** In the order of the flow; `good` is the signal that counts good parts there. */
  stations: z
    .array(z.strictObject({ shell: z.string().max(2_000), good: z.string().max(200).optional() }))
    .min(1)
    .max(200),
  /** Planned seconds a part; unknown where it is absent. */
  taktS: z.number().positive().max(1_000_000).optional(),
  /** AAS id of the station that limits the line: OEE is judged there (P6). Unknown where it is absent. */
  constraint: z.string().max(2_000).optional(),
  /** When it is planned to work; without any no shift is known. `days` as `Mon Tue Wed`. */
  shifts: z
    .array(z.strictObject({ name: z.string().trim().min(1).max(60), start: clock, end: clock, days: weekdays }))
    .max(10)
    .optional(),
  /** IANA name of the time zone that shifts are in; UTC where it is absent. */
  timeZone: z
    .string()
    .max(60)
    .refine(isTimeZone, fault(message("assets.noTimeZone")))
    .optional(),
});
export type MakeLine = z.output<typeof MakeLine>;

export const makeLine = endpoint({
  id: "assets.makeLine",
  route: "POST /lines",
  summary: "Make a line of assets: their order, which value counts good parts, takt, constraint and shifts; one revision",
  action: "edit",
  body: MakeLine,
  answer: z.object({ shell: text, idShort: text }),
  status: 201,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
});

export const identify = endpoint({
  id: "assets.identify",
  route: "GET /identification",
  summary: "Shells whose asset has a code that was scanned: identification links (IEC 61406), GS1 Digital Links, Handles and DOIs",
  action: "read",
  query: z.strictObject({ link: z.string().min(1).max(2_000) }),
  answer: z.object({
    kind: z.enum(["gs1", "handle", "link"]),
    canonical: z.string(),
    /** Those that may be read, of the item itself before those of its lot or kind. */
    shells: z.array(z.object({ id: z.string(), idShort: z.string(), asset: z.string().optional(), exact: z.boolean() })).readonly(),
  }),
  errors: ["DW_INVALID"],
});
