import { z } from "zod";
import { dotted, path } from "./manifest-fields.ts";

/** As `packages/ui/src/views/shell.ts` has them. */
const ICONS = [
  "alert-triangle",
  "barcode",
  "bell",
  "bolt",
  "box",
  "calendar",
  "chart-bar",
  "chart-dots",
  "chart-line",
  "clipboard",
  "device-tablet",
  "gauge",
  "git-fork",
  "hierarchy",
  "layout-dashboard",
  "leaf",
  "list",
  "list-check",
  "package",
  "plug",
  "route",
  "settings",
  "tool",
  "users",
] as const;
/** As `packages/studio/src/settings/views.ts` has them. */
const SETTINGS_PARTS = ["you", "plant", "people", "access", "machines", "records", "worlds", "server"] as const;
const SUBJECTS = ["station", "line", "plant"] as const;
const GROUPS = ["views", "time", "branch", "frame"] as const;
const ROWS = ["above", "below"] as const;

/** A word of an address, in kebab case. */
const step = z
  .string()
  .max(60)
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);

/** What every view has. The product's own have orders below 100: those of packs stand behind them. */
const placed = {
  /** Durable: saved layouts and links name it. */
  id: dotted,
  order: z.int().min(100).max(999).default(500),
  /** JavaScript whose default export is the view; loaded when it is first shown. */
  load: path,
};
const subjects = z.array(z.enum(SUBJECTS)).min(1).max(SUBJECTS.length);

/** One view as data: which slot of the studio it is for (`id@major`), and what the slot asks for. */
export const PackView = z.discriminatedUnion("at", [
  z.strictObject({
    at: z.literal("shell.page@1"),
    ...placed,
    /** First step of its address: the id of the feature, alone or with more behind it. */
    path: z
      .string()
      .regex(/^\/[a-z0-9-]+$/)
      .max(61),
    title: dotted,
    /** Text of one sentence: what the page is for. Shown by `?` and at its button. */
    about: dotted.optional(),
    /** Name of its guide in the documentation of the server, `/guide/NAME`. */
    guide: step.optional(),
    icon: z.enum(ICONS),
    onPhone: z.boolean().default(false),
    inspector: z.enum(["always", "overview", "never"]).default("always"),
  }),
  z.strictObject({
    at: z.literal("shell.tab@1"),
    ...placed,
    /** In the address: the id of the feature, alone or with more behind it. */
    name: step,
    title: dotted,
    accepts: subjects,
  }),
  z.strictObject({ at: z.literal("shell.section@1"), ...placed, tab: step, accepts: subjects }),
  z.strictObject({
    at: z.literal("shell.tile@1"),
    ...placed,
    /** Also on the board of a world without a line, and on those of places. */
    anywhere: z.boolean().default(false),
  }),
  z.strictObject({ at: z.literal("shell.overlay@1"), ...placed }),
  z.strictObject({ at: z.literal("shell.lane@1"), ...placed, row: z.enum(ROWS) }),
  z.strictObject({
    at: z.literal("shell.action@1"),
    ...placed,
    title: dotted,
    group: z.enum(GROUPS).default("views"),
    onBranch: z.boolean().default(false),
  }),
  z.strictObject({ at: z.literal("shell.dialog@1"), ...placed }),
  z.strictObject({
    at: z.literal("shell.setting@1"),
    ...placed,
    /** Part of the settings that it stands in. */
    part: z.enum(SETTINGS_PARTS).default("worlds"),
    /** What it is found as in the search of the frame. */
    title: dotted.optional(),
    words: dotted.optional(),
  }),
]);
export type PackView = z.output<typeof PackView>;
