import { endpoint, instant, localText, z } from "@doppelwerk/kit";
import { messageShape } from "@doppelwerk/ports";
import { METHODS, TaskFields } from "./model/task-kind.ts";
import { VALIDITIES } from "./model/qualified.ts";
import { ROSTER_FINDINGS } from "./model/roster-checks.ts";
import { RosterFields, RosterSourceFields, ShiftPlan } from "./model/roster-kind.ts";
import { day, QualificationFields, RequirementFields, SkillFields } from "./model/skill-kinds.ts";

const branch = z.object({ branch: z.string().max(200).default("live") });
const edit = { action: "edit", branch: "query.branch" } as const;
const read = { action: "read", branch: "query.branch", people: { as: "roster" } } as const;
const at = z.int();

/** A worker as the caller may see them: with a name for who keeps the roster, for who is on a roster with others, and for oneself. */
export const KnownWorker = z.object({ worker: z.string(), name: z.string().optional(), team: z.string().optional(), isMe: z.boolean() });
export type KnownWorker = z.output<typeof KnownWorker>;

const Cell = z.object({ skill: z.string(), level: z.int(), validity: z.enum(VALIDITIES), fields: QualificationFields });
export type MatrixCell = z.output<typeof Cell>;

export const SkillMatrix = z.object({
  /** Whether the caller keeps the roster: then rows of everybody are here, else only the caller's own. */
  isKeeper: z.boolean(),
  date: z.string(),
  skills: z
    .array(
      SkillFields.extend({
        id: z.string(),
        people: z.int(),
        expiring: z.int(),
        expired: z.int(),
        stations: z.array(z.string()).readonly(),
      }),
    )
    .readonly(),
  rows: z.array(KnownWorker.extend({ cells: z.array(Cell).readonly() })).readonly(),
  /** Rows that are not shown to the caller. */
  withheld: z.int(),
});
export type SkillMatrix = z.output<typeof SkillMatrix>;

export const skills = endpoint({
  id: "personnel.skills",
  route: "GET /personnel/skills",
  summary: "Skills, and who has which until when: of everybody for who keeps the roster, else of the caller alone",
  ...read,
  query: branch.extend({ date: day.optional(), t: instant.optional() }),
  answer: SkillMatrix,
});

export const storeSkill = endpoint({
  id: "personnel.storeSkill",
  route: "PUT /personnel/skills/:skill",
  summary: "Add or change a skill",
  ...edit,
  query: branch,
  body: SkillFields.omit({ skill: true }),
  answer: undefined,
});

export const storeQualification = endpoint({
  id: "personnel.storeQualification",
  route: "PUT /personnel/qualifications",
  summary: "Store the skill of a worker in place of what was known of it",
  ...edit,
  query: branch,
  body: QualificationFields,
  answer: undefined,
  errors: ["DW_NOT_FOUND"],
});

export const removeQualification = endpoint({
  id: "personnel.removeQualification",
  route: "DELETE /personnel/qualifications/:worker",
  summary: "Take a skill from a worker",
  ...edit,
  query: branch.extend({ skill: z.string().max(100) }),
  answer: undefined,
  errors: ["DW_NOT_FOUND"],
});

export const requirements = endpoint({
  id: "personnel.requirements",
  route: "GET /personnel/requirements",
  summary: "What stations need of the people at them",
  action: "read",
  branch: "query.branch",
  query: branch,
  answer: z.array(RequirementFields).readonly(),
});

export const storeRequirement = endpoint({
  id: "personnel.storeRequirement",
  route: "PUT /personnel/requirements",
  summary: "Store what a station needs of one skill",
  ...edit,
  query: branch,
  body: RequirementFields,
  answer: undefined,
  errors: ["DW_NOT_FOUND"],
});

export const removeRequirement = endpoint({
  id: "personnel.removeRequirement",
  route: "DELETE /personnel/requirements/:station",
  summary: "A station needs a skill no more",
  ...edit,
  query: branch.extend({ skill: z.string().max(100) }),
  answer: undefined,
  errors: ["DW_NOT_FOUND"],
});

export const WorkerFields = z.object({
  name: z.string().trim().min(1).max(200),
  team: z.string().trim().max(60).optional(),
  /** Id of the account of this server that is of the same person. */
  account: z.string().max(200).optional(),
});
export type WorkerFields = z.output<typeof WorkerFields>;

export const workers = endpoint({
  id: "personnel.workers",
  route: "GET /personnel/workers",
  summary: "Workers with their names and accounts: everybody for who keeps the roster, else the caller alone",
  action: "read",
  people: { as: "roster" },
  answer: z.object({ isKeeper: z.boolean(), workers: z.array(WorkerFields.extend({ worker: z.string() })).readonly() }),
});

export const storeWorker = endpoint({
  id: "personnel.storeWorker",
  route: "PUT /personnel/workers/:worker",
  summary: "Add or change a worker: name, team and account, which are in a file beside the documents and never in them",
  action: "edit",
  body: WorkerFields,
  answer: undefined,
});

export const eraseWorker = endpoint({
  id: "personnel.eraseWorker",
  route: "DELETE /personnel/workers/:worker",
  summary: "Erase a worker: name, account and skills go, and the roster has an empty place instead; files do not bring them back",
  action: "edit",
  answer: z.object({ documents: z.int() }),
  errors: ["DW_NOT_FOUND"],
});

const Finding = z.object({
  kind: z.enum(ROSTER_FINDINGS),
  station: z.string().optional(),
  worker: z.string().optional(),
  name: z.string().optional(),
  skill: z.string().optional(),
  level: z.int().optional(),
  needed: z.int().optional(),
  have: z.int().optional(),
  other: z.string().optional(),
  day: z.string().optional(),
});
export type ShownFinding = z.output<typeof Finding>;

const Hint = z.object({
  kind: z.enum(["rest", "week"]),
  worker: z.string(),
  name: z.string().optional(),
  hours: z.number(),
  from: at.optional(),
  to: at.optional(),
  monday: z.string().optional(),
});
export type ShownHint = z.output<typeof Hint>;

const ShownPlace = z.object({
  line: z.string(),
  station: z.string(),
  role: z.string(),
  worker: z.string().optional(),
  name: z.string().optional(),
  isMe: z.boolean(),
  remark: z.string().optional(),
  from: at.optional(),
  to: at.optional(),
});
export type ShownPlace = z.output<typeof ShownPlace>;

export const ShownShift = z.object({
  date: z.string(),
  shift: z.string(),
  from: at,
  to: at,
  edition: z.int(),
  source: z.string().optional(),
  places: z.array(ShownPlace).readonly(),
  people: z.int(),
  findings: z.array(Finding).readonly(),
  fields: RosterFields.optional(),
});
export type ShownShift = z.output<typeof ShownShift>;

export const Roster = z.object({
  isKeeper: z.boolean(),
  from: z.string(),
  to: z.string(),
  shifts: z.array(ShownShift).readonly(),
  /** Working time: the caller's own, or of everybody for who keeps the roster. */
  hints: z.array(Hint).readonly(),
  withheld: z.int(),
});
export type Roster = z.output<typeof Roster>;

export const roster = endpoint({
  id: "personnel.roster",
  route: "GET /personnel/roster",
  summary:
    "Who works where, shift by shift, with gaps and what contradicts itself; working time as hints to the worker and to who keeps the roster",
  ...read,
  query: branch.extend({ date: day.optional(), days: z.coerce.number().int().min(1).max(14).default(1), t: instant.optional() }),
  answer: Roster,
});

export const storeShift = endpoint({
  id: "personnel.storeShift",
  route: "PUT /personnel/roster/:date/:shift",
  summary: "Store the roster of a shift",
  ...edit,
  query: branch,
  body: z.object({
    fields: ShiftPlan,
    /** The edition of the roster that is replaced; refused where it is another by now. */
    expected: z.int().optional(),
  }),
  answer: undefined,
  errors: ["DW_CONFLICT"],
});

export const SourceState = z.object({
  id: z.string(),
  fields: RosterSourceFields,
  state: z.enum(["reading", "connected", "paused", "failing"]),
  reason: messageShape.optional(),
  lastAt: at.optional(),
  files: z.int(),
  rows: z.int(),
  refused: z.int(),
  faults: z.array(z.object({ at, where: z.string(), reason: messageShape })).readonly(),
});
export type SourceState = z.output<typeof SourceState>;

export const sources = endpoint({
  id: "personnel.sources",
  route: "GET /roster-sources",
  summary: "Folders that rosters and skills come from, with what was refused",
  action: "administer",
  answer: z.array(SourceState),
});

export const addSource = endpoint({
  id: "personnel.addSource",
  route: "POST /roster-sources",
  summary: "Follow a folder with files of people, skills, requirements and rosters",
  action: "administer",
  body: z.object({ fields: RosterSourceFields }),
  answer: SourceState,
  status: 201,
});

export const changeSource = endpoint({
  id: "personnel.changeSource",
  route: "PUT /roster-sources/:source",
  summary: "Change or pause a folder that rosters come from",
  action: "administer",
  body: z.object({ fields: RosterSourceFields }),
  answer: SourceState,
  errors: ["DW_NOT_FOUND"],
});

export const removeSource = endpoint({
  id: "personnel.removeSource",
  route: "DELETE /roster-sources/:source",
  summary: "Follow a folder no more; what came from it stays",
  action: "administer",
  answer: undefined,
  errors: ["DW_NOT_FOUND"],
});

const Load = z.object({
  task: z.string(),
  title: localText,
  method: z.enum(METHODS),
  /** 1 low to 4 high; absent: unknown, because of what is missing. */
  range: z.int().optional(),
  missing: z.array(z.string()).readonly().optional(),
  /** What limits most (NIOSH) or contributes most (KIM). */
  factor: z.string().optional(),
  factorValue: z.number().optional(),
  /** Lifting index, or score of the sheet. */
  value: z.number().optional(),
  rwlKg: z.number().optional(),
  /** Of one person. */
  perHour: z.number().optional(),
});

export const ShownLoad = z.object({
  station: z.string(),
  people: z.int(),
  /** Figures of fewer than five people are shown to these and to who keeps the roster alone; others see ranges. */
  isWhole: z.boolean(),
  hours: z.number(),
  /** That the pieces were counted in. */
  countedHours: z.number(),
  pieces: z.number().optional(),
  composite: z.number().optional(),
  range: z.int().optional(),
  loads: z.array(Load).readonly(),
});
export type ShownLoad = z.output<typeof ShownLoad>;

export const Workload = z.object({
  isKeeper: z.boolean(),
  date: z.string(),
  tasks: z.array(TaskFields).readonly(),
  shifts: z
    .array(
      z.object({ date: z.string(), shift: z.string(), from: at, to: at, isRunning: z.boolean(), stations: z.array(ShownLoad).readonly() }),
    )
    .readonly(),
});
export type Workload = z.output<typeof Workload>;

export const workload = endpoint({
  id: "personnel.workload",
  route: "GET /personnel/workload",
  summary:
    "Load of stations in the shifts of a day by the revised NIOSH lifting equation and KIM-LHC, from tasks, roster and counted pieces",
  ...read,
  query: branch.extend({ date: day.optional(), t: instant.optional() }),
  answer: Workload,
});

export const storeTask = endpoint({
  id: "personnel.storeTask",
  route: "PUT /personnel/tasks",
  summary: "Store a task of a station: a load that is handled, with what the methods need",
  ...edit,
  query: branch,
  body: TaskFields,
  answer: undefined,
});

export const removeTask = endpoint({
  id: "personnel.removeTask",
  route: "DELETE /personnel/tasks/:station",
  summary: "Remove a task of a station",
  ...edit,
  query: branch.extend({ task: z.string().max(100) }),
  answer: undefined,
  errors: ["DW_NOT_FOUND"],
});

const Named = z.object({ worker: z.string(), name: z.string().optional() });

/** A rotation between the breaks of a shift, or why there is none. Loads are hours × range of the station. */
export const Rotation = z.object({
  date: z.string(),
  shift: z.string(),
  line: z.string(),
  edition: z.int(),
  blocks: z.array(z.object({ from: at, to: at })).readonly(),
  /** Stations whose load is not known: it counts as nothing. */
  unknown: z.array(z.string()).readonly(),
  isFeasible: z.boolean(),
  /** Stations that together need more people than may work at any of them. */
  gap: z.object({ stations: z.array(z.string()).readonly(), needed: z.int(), workers: z.array(Named).readonly() }).optional(),
  highest: z.number().optional(),
  highestBefore: z.number().optional(),
  /** No rotation has a lower highest load. */
  bound: z.number().optional(),
  isOptimal: z.boolean().optional(),
  changes: z.int().optional(),
  loads: z
    .array(Named.extend({ load: z.number(), before: z.number() }))
    .readonly()
    .optional(),
  places: z
    .array(Named.extend({ block: z.int(), station: z.string() }))
    .readonly()
    .optional(),
  /** The roster of the shift with it, to be stored once it was approved. */
  plan: ShiftPlan.optional(),
});
export type Rotation = z.output<typeof Rotation>;

export const proposeRotation = endpoint({
  id: "personnel.proposeRotation",
  route: "POST /personnel/rotations",
  summary: "Propose a rotation of the operators of a line between the breaks of a shift; for who keeps the roster, and nothing is stored",
  action: "edit",
  people: { as: "roster" },
  body: z.object({
    branch: z.string().max(200).default("live"),
    date: day,
    shift: z.string().max(100),
    line: z.string().max(100).default(""),
  }),
  answer: Rotation,
  errors: ["DW_NOT_FOUND", "DW_UNAVAILABLE"],
});

/** Everything that is kept of one worker. */
export const OwnData = z.object({
  worker: z.string().optional(),
  name: z.string().optional(),
  team: z.string().optional(),
  qualifications: z.array(QualificationFields).readonly(),
  shifts: z
    .array(
      z.object({
        date: z.string(),
        shift: z.string(),
        from: at,
        to: at,
        station: z.string(),
        role: z.string(),
        remark: z.string().optional(),
      }),
    )
    .readonly(),
  hints: z.array(Hint).readonly(),
});
export type OwnData = z.output<typeof OwnData>;

export const own = endpoint({
  id: "personnel.own",
  route: "GET /personnel/own",
  summary: "Everything that is kept of the caller: number, name, skills, shifts and working time",
  action: "read",
  people: { as: "self" },
  answer: OwnData,
});
