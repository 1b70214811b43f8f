import { endpoint, z } from "@doppelwerk/kit";
import { messageShape } from "@doppelwerk/ports";

const value = z.union([z.number(), z.boolean(), z.string().max(1_000)]);
const input = z.union([value, z.array(value).max(10_000).readonly()]);
const reason = z.string().trim().min(1).max(500);
const anyValue = z.union([z.number(), z.boolean(), z.string()]);

/**
 * `requested` waits for its confirmation; `writing` is on its way. `done`: written and read back. `differs`: written, and another value was read back, or
 * none. `refused`: the plant said no. `failed`: nothing was sent. `unknown`: nobody knows whether it was written.
 */
export const CommandState = z.enum(["requested", "writing", "done", "differs", "refused", "failed", "unknown", "expired", "withdrawn"]);

/** `method` is an address, or what is done to the condition at `object`: `acknowledge` or `confirm`. */
export const MethodCall = z.object({ object: z.string(), method: z.string(), inputs: z.array(input).readonly() });

/** A request to write one value to a machine, and what became of it. Times are microseconds since 1970. */
export const Command = z.object({
  id: z.string(),
  /** Absent for a call. */
  signal: z.string().optional(),
  /** A method that is called instead of a value that is written: `value` is then its inputs as a JSON text, `after` its outputs. */
  call: MethodCall.optional(),
  name: z.string(),
  unit: z.string().optional(),
  connection: z.string(),
  /** Where it is written, as it stood when it was requested; another address by then is another command. */
  address: z.string(),
  value: anyValue,
  reason: z.string(),
  state: CommandState,
  requestedBy: z.string(),
  requestedByName: z.string().optional(),
  requestedAt: z.int(),
  expiresAt: z.int(),
  confirmations: z
    .array(z.object({ by: z.string(), name: z.string().optional(), at: z.int() }))
    .readonly()
    .optional()
    .describe("of a command whose property class needs several people: who confirmed it so far"),
  lacking: z
    .array(z.object({ class: z.string(), roles: z.array(z.string()).readonly(), approvers: z.int(), missing: z.int() }))
    .readonly()
    .optional()
    .describe(
      "while it waits: confirmations of other people that its property classes still need, each with one of the roles (none: whoever may)",
    ),
  mayConfirm: z.boolean().optional().describe("while it waits: whether who asks may confirm it, and has not"),
  confirmedBy: z.string().optional(),
  confirmedByName: z.string().optional(),
  confirmedAt: z.int().optional(),
  withdrawnBy: z.string().optional(),
  endedAt: z.int().optional(),
  /** Read from the plant before and after writing. */
  before: anyValue.optional(),
  after: anyValue.optional(),
  why: z.string().optional(),
  /** The same as a code with values, for a screen in another language; absent where the plant or a library wrote it. */
  message: messageShape.optional(),
  whyTold: messageShape.optional().describe("deprecated: use message"),
});
export type Command = z.output<typeof Command>;
export type CommandState = z.output<typeof CommandState>;
export type MethodCall = z.output<typeof MethodCall>;

/** A signal that can be commanded, with what must hold and what holds. */
export const CommandTarget = z.object({
  signal: z.string(),
  name: z.string(),
  names: z.record(z.string(), z.string()).optional(),
  unit: z.string().optional(),
  /** Display band, not a limit of the machine. */
  low: z.number().optional(),
  high: z.number().optional(),
  valueType: z.enum(["boolean", "integer", "double", "string", "enumeration"]),
  connection: z.string(),
  connectionName: z.string(),
  connected: z.boolean(),
  safety: z.boolean(),
  /** What must hold, measured and good; without `value` it is not known now. */
  conditions: z.array(z.object({ signal: z.string(), name: z.string(), equals: anyValue, value: anyValue.optional(), holds: z.boolean() })),
});
export type CommandTarget = z.output<typeof CommandTarget>;

export const list = endpoint({
  id: "commands.list",
  route: "GET /commands",
  people: { as: "author" },
  summary: "Values that were requested to be written to machines, and what became of them; newest first",
  action: "read",
  tool: {
    name: "commands",
    effect: "read",
    description: "Values that people requested to be written to machines, and what became of them; newest first.",
  },
  query: z.object({ limit: z.coerce.number().int().min(1).max(1_000).default(100) }),
  answer: z.array(Command),
});

export const waiting = endpoint({
  id: "commands.waiting",
  route: "GET /commands/waiting",
  people: { as: "author" },
  summary: "Commands of other people that wait for the confirmation of who asks, the one that expires first before the others",
  action: "read",
  answer: z.array(Command),
});

export const targets = endpoint({
  id: "commands.targets",
  route: "GET /commands/targets",
  summary: "Signals whose connection allows commands, with what must hold and what holds",
  action: "read",
  query: z.object({
    search: z.string().max(200).default(""),
    limit: z.coerce.number().int().min(1).max(1_000).default(200),
  }),
  answer: z.array(CommandTarget),
});

export const request = endpoint({
  id: "commands.request",
  route: "POST /commands",
  summary: "Request a value to be written to a machine; nothing is written before it is confirmed",
  action: "command",
  isDecidedByRecord: true,
  body: z.strictObject({ signal: z.string().min(1).max(200), value, reason }),
  answer: Command,
  status: 201,
  errors: ["DW_FORBIDDEN", "DW_NOT_FOUND", "DW_CONFLICT", "DW_UNAVAILABLE"],
});

export const requestCall = endpoint({
  id: "commands.requestCall",
  route: "POST /calls",
  summary: "Request a method of a plant to be called, or a condition of it to be acknowledged; nothing is sent before it is confirmed",
  action: "command",
  isDecidedByRecord: true,
  body: z.strictObject({
    connection: z.string().min(1).max(200),
    object: z.string().min(1).max(1_000),
    method: z.string().min(1).max(1_000),
    name: z.string().trim().min(1).max(300),
    inputs: z.array(input).max(50).default([]),
    reason,
  }),
  answer: Command,
  status: 201,
  errors: ["DW_FORBIDDEN", "DW_NOT_FOUND", "DW_CONFLICT", "DW_UNAVAILABLE"],
});

export const confirm = endpoint({
  id: "commands.confirm",
  route: "POST /commands/:id/confirm",
  summary: "Confirm a command by its value: it is written and read back",
  action: "command",
  isDecidedByRecord: true,
  // the value again: what is confirmed is what was read
  body: z.strictObject({ value: z.union([value, z.string().max(1_000_000)]) }),
  answer: Command,
  errors: ["DW_FORBIDDEN", "DW_NOT_FOUND", "DW_CONFLICT", "DW_UNAVAILABLE"],
});

export const withdraw = endpoint({
  id: "commands.withdraw",
  route: "DELETE /commands/:id",
  summary: "Withdraw a command that was not confirmed",
  action: "command",
  isDecidedByRecord: true,
  answer: Command,
  errors: ["DW_FORBIDDEN", "DW_NOT_FOUND", "DW_CONFLICT"],
});
