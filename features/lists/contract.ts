import { endpoint, localText, z } from "@doppelwerk/kit";
import { messageShape } from "@doppelwerk/ports";

const branch = z.object({ branch: z.string().max(200).default("live") });
const value = z.union([z.string(), z.number(), z.boolean()]);

/** A list that goes out as a file and in again. */
export const KnownList = z.object({
  id: z.string(),
  title: localText,
  columns: z.array(
    z.object({
      key: z.string(),
      title: localText,
      kind: z.enum(["text", "number", "yesNo", "choice"]),
      choices: z.array(z.string()).optional(),
      unit: z.string().optional(),
      isRequired: z.boolean().optional(),
    }),
  ),
  /** Key of the column that tells rows apart. */
  key: z.string(),
  rows: z.int(),
});
export type KnownList = z.output<typeof KnownList>;

/** What a file would change. `isFault`: the row, or without a line the file, cannot be stored as it is, and then nothing of the file is. */
export const Preview = z.object({
  created: z.array(z.string()),
  /** Rows by their key, with each value that would be another one. */
  changed: z.array(
    z.object({ key: z.string(), fields: z.array(z.object({ column: z.string(), from: value.optional(), to: value.optional() })) }),
  ),
  unchanged: z.int(),
  /** Rows that are there and not in the file: they stay. */
  left: z.int(),
  findings: z.array(z.object({ line: z.int().optional(), column: z.string().optional(), message: messageShape, isFault: z.boolean() })),
  /** Of the list as it was compared with: storing the file is refused once it is another one. */
  state: z.string(),
});
export type Preview = z.output<typeof Preview>;

export const lists = endpoint({
  id: "lists.all",
  route: "GET /lists",
  summary: "Lists of a branch that go out as CSV or Excel and in again, with their columns",
  action: "read",
  branch: "query.branch",
  query: branch,
  answer: z.array(KnownList),
});

export const file = endpoint({
  id: "lists.file",
  route: "GET /lists/:id/file",
  summary: "A list as a file: CSV in UTF-8, or an Excel workbook; no text in it becomes a formula",
  action: "read",
  branch: "query.branch",
  query: branch.extend({ format: z.enum(["csv", "xlsx"]).default("csv"), language: z.enum(["en", "zh"]).default("en") }),
  answer: { octets: "application/octet-stream" },
  errors: ["DW_NOT_FOUND"],
});

const octets = { octets: "application/octet-stream" } as const;
const named = branch.extend({ name: z.string().trim().min(1).max(300) });

export const preview = endpoint({
  id: "lists.preview",
  route: "POST /lists/:id/preview",
  summary: "What a CSV or Excel file would change of a list; nothing is stored",
  action: "edit",
  branch: "query.branch",
  query: named,
  body: octets,
  answer: Preview,
  errors: ["DW_NOT_FOUND"],
});

export const store = endpoint({
  id: "lists.store",
  route: "POST /lists/:id/rows",
  summary: "Store the rows of a CSV or Excel file in one change: all of them, or none",
  action: "edit",
  branch: "query.branch",
  query: named.extend({
    /** `state` of the preview. */ expected: z.string().max(100).optional(),
    reason: z.string().trim().max(500).optional(),
  }),
  body: octets,
  answer: z.object({ created: z.int(), changed: z.int() }),
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
});
