import { endpoint, localText, z } from "@doppelwerk/kit";
import { messageShape } from "@doppelwerk/ports";
import { PlantOffer, PlantRequest } from "../connect/contract.ts";

// A twin that is proposed from what a plant, a file or an event log offers. Times are microseconds since 1970.

const list = <Shape extends z.ZodType>(shape: Shape) => z.array(shape).readonly();

/** What a proposal is made from: a connection, an address, an event log beside it or alone. */
export const ProposalRequest = PlantRequest.partial().extend({
  /** A connection that is there, instead of an address. */
  connection: z.string().max(100).optional(),
  name: z.string().trim().min(1).max(100).optional(),
  /** A file that was looked into (`POST /plant-files`); with `url` where what it describes is. */
  file: z.string().max(100).optional(),
  /** CSV or XES with columns for case, activity and time. */
  eventLog: z.string().max(15_000_000).optional(),
  /** By question id. */
  answers: z.record(z.string().max(300), z.string().max(2_000)).optional(),
  /** Of what the branch and the request say to people; English without it. */
  language: z.enum(["en", "zh"]).optional(),
});
export type ProposalRequest = z.output<typeof ProposalRequest>;

export const ProposalSummary = z.object({
  offered: z.int(),
  assets: z.int(),
  /** Machines that another source told of before: their values join its assets. Absent in reports of earlier versions. */
  joined: z.int().optional(),
  signals: z.int(),
  flows: z.int(),
  nameplates: z.int(),
  candidates: z.int(),
  changes: z.int(),
  conflicts: z.int(),
  questions: z.int(),
  unknown: z.int(),
});
export type ProposalSummary = z.output<typeof ProposalSummary>;

/** A proposal while it is made, and what became of it. */
export const ProposalState = z.object({
  id: z.string(),
  name: z.string(),
  at: z.int(),
  state: z.enum(["browsing", "thinking", "writing", "done", "failed"]),
  /** Why it failed. */
  why: z.string().optional(),
  /** The same for a screen of any language; absent where the plant or a library wrote it. */
  message: messageShape.optional(),
  told: messageShape.optional().describe("deprecated: use message"),
  /** What to ask with for the same again: a file as long as it is held. Absent for an event log that came with the request: it is not kept. */
  of: z
    .object({
      connection: z.string().optional(),
      url: z.string().optional(),
      protocol: PlantRequest.shape.protocol,
      settings: PlantRequest.shape.settings,
      secret: z.string().optional(),
      file: z.string().optional(),
    })
    .optional(),
  /** Absent when there was nothing new. */
  branch: z.string().optional(),
  request: z.string().optional(),
  summary: ProposalSummary.optional(),
  /** Who took it off the page *Connect*, and when; absent for one that is shown there. */
  dismissed: z.object({ by: z.string(), at: z.int() }).optional(),
});
export type ProposalState = z.output<typeof ProposalState>;

/** Why each thing is proposed, what is asked (each can be left), and what nobody told. */
export const ProposalReport = ProposalState.extend({
  evidence: list(
    z.object({
      kind: z.enum(["tree", "asset", "nameplate", "time", "signal", "flow", "candidate"]),
      shell: z.string(),
      subject: z.string(),
      message: messageShape,
      why: localText.describe("deprecated: use message"),
      /** 0–1. */
      confidence: z.number(),
    }),
  ),
  questions: list(
    z.object({
      id: z.string(),
      message: messageShape,
      text: localText.describe("deprecated: use message"),
      choices: list(z.string()).optional(),
    }),
  ),
  unknowns: list(
    z.object({
      message: messageShape,
      text: localText.describe("deprecated: use message"),
      /** Of documents: the rule that is broken, with the fault in English; `message` is the same for a screen of any language. */
      finding: z.object({ constraint: z.string(), message: z.string() }).optional(),
      count: z.int(),
      examples: list(z.string()),
    }),
  ),
  conflicts: list(z.object({ id: z.string(), field: z.string(), reason: z.string() })),
});
export type ProposalReport = z.output<typeof ProposalReport>;

const columns = z.record(z.string(), z.string()).readonly();
/** In the language of the server, and as a message for a screen of any language. */
const reason = z.object({ text: z.string(), message: messageShape, told: messageShape.describe("deprecated: use message") });
const Finding = z.object({
  path: z.string(),
  constraint: z.string(),
  severity: z.enum(["error", "repaired", "warning", "info"]),
  /** In English; `reason` is the same for a screen of any language. */
  message: z.string(),
  reason: messageShape.optional(),
});
const heldFile = z.object({ id: z.string(), name: z.string() });

/** A file, looked into: what it is, and the id under which it is held until something is wanted of it. */
export const PlantFileOffer = z.discriminatedUnion("kind", [
  heldFile.extend({ kind: z.literal("devices"), offer: PlantOffer }),
  heldFile.extend({
    kind: z.literal("eventLog"),
    cases: z.int(),
    visits: z.int(),
    activities: list(z.string()),
    from: z.int(),
    to: z.int(),
    /** Rows that could not be read, and why the first of them could not. */
    left: z.int(),
    leftFirst: reason.optional(),
    /** What had to be assumed to read it so; `notes` are the same in English. */
    assumptions: list(messageShape),
    notes: list(z.string()),
    /** What a column is for → its name in the log. */
    columns,
    /** Every column. */
    header: list(z.string()),
  }),
  /** A table that may be an event log: look again with its columns named. */
  heldFile.extend({
    kind: z.literal("table"),
    why: reason,
    columns,
    header: list(z.string()),
    /** The first rows. */
    rows: list(list(z.string())),
  }),
  heldFile.extend({
    kind: z.literal("documents"),
    shells: z.int(),
    submodels: z.int(),
    connections: list(z.object({ protocol: z.string(), url: z.string(), signals: z.int() })),
    findings: list(Finding),
    moreFindings: z.int(),
  }),
]);
export type PlantFileOffer = z.output<typeof PlantFileOffer>;

const columnName = z.string().max(500).optional();

export const lookIntoFile = endpoint({
  id: "autoTwin.lookIntoFile",
  route: "POST /plant-files",
  summary:
    "Look into a file (AASX, AAS JSON or XML, MTConnect Devices.xml, event log as CSV or XES) before anything of it is taken; sent as octets",
  action: "administer",
  /** Of an event log, the names of columns where theirs do not tell; empty = there is none. */
  query: z.object({
    name: z.string().trim().min(1).max(300),
    case: columnName,
    activity: columnName,
    resource: columnName,
    start: columnName,
    end: columnName,
    time: columnName,
    lifecycle: columnName,
  }),
  body: { octets: "application/octet-stream" },
  answer: PlantFileOffer,
  errors: ["DW_UNAVAILABLE"],
});

// who may connect a plant may have it described; what is found names the plant's inside
export const proposals = endpoint({
  id: "autoTwin.proposals",
  route: "GET /proposals",
  people: { as: "author" },
  summary: "Proposals of a twin, newest first",
  action: "administer",
  answer: z.array(ProposalState),
});

export const propose = endpoint({
  id: "autoTwin.propose",
  route: "POST /proposals",
  summary: "Propose a twin of what a plant offers: a branch with a merge request",
  action: "administer",
  body: ProposalRequest,
  answer: ProposalState,
  status: 202,
  errors: ["DW_NOT_FOUND", "DW_UNAVAILABLE"],
});

export const proposal = endpoint({
  id: "autoTwin.proposal",
  route: "GET /proposals/:id",
  people: { as: "author" },
  summary: "A proposal with evidence, questions and unknowns",
  action: "administer",
  subject: "params.id",
  answer: ProposalReport,
  errors: ["DW_NOT_FOUND"],
});

export const dismiss = endpoint({
  id: "autoTwin.dismiss",
  route: "PUT /proposals/:id/dismissed",
  summary: "Take a proposal that has ended off the page Connect, for everybody in the world, or bring it back; its merge request stays",
  action: "administer",
  subject: "params.id",
  body: z.object({ dismissed: z.boolean() }),
  answer: ProposalState,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
});
