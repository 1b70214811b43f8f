import type { HandlersOf } from "@doppelwerk/kit/server";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { checkCount, evidenceText, MAX_EVIDENCE } from "../transparency/evidence.ts";
import type { TransparencyLog } from "../transparency/transparency-log.ts";
import type { breachContract } from "./breach-contract.ts";
import { breachReport } from "./breach-report.ts";
import { BreachStore, type Breach } from "./breach-store.ts";
import type { KeptData } from "./inventory.ts";

export interface BreachOptions {
  /** Undefined where a world is served without a folder of the server. */
  readonly data: string | undefined;
  readonly transparency: TransparencyLog | undefined;
  readonly inventory: () => readonly KeptData[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
  nameOf(id: string): string;
}

const HOUR_MS = 3_600_000;

export function breachHandlers({ data, transparency, inventory, now, nameOf }: BreachOptions): HandlersOf<typeof breachContract> {
  const opened = data === undefined ? undefined : new BreachStore(data, now);
  const store = (): BreachStore => {
    if (opened === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("privacy.noFolder"));
    return opened;
  };
  const shown = (breach: Breach) => ({
    ...breach,
    openedBy: nameOf(breach.openedBy),
    ...(breach.closed && { closed: { ...breach.closed, by: nameOf(breach.closed.by) } }),
    ...(breach.closed === undefined && breach.reported === undefined && { leftHours: (Date.parse(breach.deadline) - now()) / HOUR_MS }),
  });
  return {
    "privacy.breaches": async () => ({ limitHours: store().limitHours, breaches: store().list().map(shown) }),
    "privacy.openBreach": async ({ principal, body: { known, ...fields } }) => {
      checkCategories(fields.categories, inventory());
      return shown(store().open(principal.id, known, fields));
    },
    "privacy.changeBreach": async ({ params, body: { reported, what, categories, people, measures } }) => {
      checkCategories(categories ?? [], inventory());
      const fields = {
        ...(what !== undefined && { what }),
        ...(categories !== undefined && { categories }),
        ...(people !== undefined && { people }),
        ...(measures !== undefined && { measures }),
      };
      return shown(store().change(params.breach, fields, reported === true));
    },
    "privacy.attachEvidence": async ({ params, body: { from, to } }) => {
      store().get(params.breach);
      if (transparency === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("server.transparencyNone"));
      return shown(store().attach(params.breach, { from, to, text: await evidenceOf(transparency, from, to) }));
    },
    "privacy.breachEvidence": async ({ params }) => ({
      body: store().evidence(params.breach, params.file),
      headers: { "content-disposition": 'attachment; filename="evidence.json"' },
    }),
    "privacy.closeBreach": async ({ principal, params, body: { reason } }) => shown(store().close(params.breach, principal.id, reason)),
    "privacy.breachReport": async ({ params, query: { language } }) => ({
      body: Buffer.from(breachReport(store().get(params.breach), inventory(), language, nameOf)),
      headers: { "content-disposition": 'attachment; filename="breach.md"' },
    }),
    "privacy.setBreachLimit": async ({ body: { hours } }) => {
      store().limit(hours);
      return { limitHours: store().limitHours };
    },
  };
}

/** Errors: DW_INVALID for one that the inventory does not have. */
function checkCategories(categories: readonly string[], inventory: readonly KeptData[]): void {
  const unknown = categories.find((id) => !inventory.some((data) => data.id === id));
  if (unknown !== undefined) throw new DoppelwerkError("DW_INVALID", message("privacy.noCategory", { id: unknown.slice(0, 100) }));
}

/** Errors: DW_NOT_FOUND for no entry, DW_INVALID for too many. */
async function evidenceOf(log: TransparencyLog, from: number, to: number): Promise<string> {
  const count = Math.max(0, Math.min(to + 1, log.size) - from);
  checkCount(count);
  const { size, note } = await log.checkpoint();
  const entries = [];
  for (const [at, bytes] of (await log.entries(from, Math.min(count, MAX_EVIDENCE))).entries())
    entries.push({ index: from + at, bytes, path: await log.path(from + at, size) });
  return evidenceText({ key: log.keyText, checkpoint: note, salts: log.salts, entries });
}
