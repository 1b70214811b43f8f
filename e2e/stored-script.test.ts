import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LIVE, type WorldRecord } from "@doppelwerk/world";
import { openFurnishedStudio, type FurnishedStudio } from "./accessible-site.ts";
import { walk } from "./accessible-walk.ts";
import { eventually } from "./running-site.ts";

// A script in every text that people, engineering files and plants write, shown by every view.
const AMPLE_MS = 900_000;
const API = "/api/doppelwerk/v1";
const KINDS = [
  "shell",
  "submodel",
  "element",
  "conceptDescription",
  "signal",
  "connection",
  "mergeRequest",
  "comment",
  "alarmRule",
  "spanNote",
];
/** Fields whose text is for people. */
const TEXTS = new Set([
  "name",
  "names",
  "title",
  "text",
  "cause",
  "consequence",
  "response",
  "description",
  "displayName",
  "value",
  "unit",
  "category",
  "definition",
  "owner",
  "action",
]);
const scriptOf = (marker: string): string =>
  `${marker}"'><img src="data:," onerror="globalThis.attacked='${marker}'"><script>globalThis.attacked='${marker}'</script><b class="attacked">x</b>`;

let studio: FurnishedStudio;
let stored = 0;
const storedKinds = new Set<string>();

beforeAll(async () => {
  studio = await openFurnishedStudio();
  for (const branch of [LIVE, studio.furnished.branch]) await storeEverywhere(branch);
  const { site, request } = studio.furnished;
  const comment = await fetch(`${site.url}${API}/merge-requests/${encodeURIComponent(request)}/comments`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "doppelwerk-person": "secret of Eve",
      "doppelwerk-name": encodeURIComponent("<b>Eve</b>"),
    },
    body: JSON.stringify({ text: scriptOf("comment") }),
  });
  expect(comment.status).toBe(200);
}, AMPLE_MS);
afterAll(() => studio?.close());

/** Each text of each record in turn: what is refused stays as it was. */
async function storeEverywhere(branch: string): Promise<void> {
  const session = studio.furnished.site.client("Eve").live({ branch });
  await eventually(() => session.state().kind === "online", "the live session is online");
  const replica = session.documents(branch, KINDS);
  await eventually(() => replica.complete(), "the documents are there");
  for (const kind of KINDS)
    for (const record of spread(replica.query(kind))) {
      const named = ["shell", "submodel", "element"].includes(kind) ? { description: undefined, displayName: undefined } : {};
      const fields = Object.fromEntries(
        Object.entries({ ...named, ...record }).flatMap(([field, from]) => {
          const marker = `${kind} ${field}`;
          const to =
            from === undefined ? inEnglish(field, marker) : TEXTS.has(field) && isText(record, field) ? withScript(from, marker) : from;
          return JSON.stringify(to) === JSON.stringify(from) ? [] : [[field, { from, to }]];
        }),
      );
      for (const some of [fields, ...Object.entries(fields).map(([field, change]) => ({ [field]: change }))]) {
        if (Object.keys(some).length === 0) continue;
        const body = JSON.stringify({ reason: scriptOf("reason"), changes: [{ op: "update", id: record.id, fields: some }] });
        const headers = { "content-type": "application/json" };
        const { ok } = await fetch(`${studio.furnished.site.url}${API}/branches/${encodeURIComponent(branch)}/changes`, {
          method: "POST",
          headers,
          body,
        });
        if (!ok) continue;
        stored++;
        storedKinds.add(kind);
        break;
      }
    }
  session.close();
}

const MAX_OF_KIND = 60;

/** Some of them, from the first to the last. */
function spread<T>(all: readonly T[]): readonly T[] {
  const step = Math.max(1, Math.floor(all.length / MAX_OF_KIND));
  return all.filter((_, at) => at % step === 0);
}

/** Numbers and dates in texts stay: a plant would stop. */
function isText(record: WorldRecord, field: string): boolean {
  const value = record[field];
  return (
    field !== "value" ||
    (record["valueType"] === "xs:string" && typeof value === "string" && !/^[\d.:T+-]+$/.test(value)) ||
    Array.isArray(value)
  );
}

/** As AAS has texts: of a name 128 characters at most. */
const inEnglish = (field: string, marker: string): unknown => [
  {
    language: "en",
    text: field === "displayName" ? `<img class="attacked" src="data:," onerror="globalThis.attacked='${marker}'">` : scriptOf(marker),
  },
];

function withScript(value: unknown, marker: string): unknown {
  if (typeof value === "string") return scriptOf(marker);
  if (Array.isArray(value)) return value.map((part) => withScript(part, marker));
  if (typeof value !== "object" || value === null) return value;
  const keep = new Set(["language", "modelType", "type", "keys"]);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, keep.has(key) ? part : withScript(part, marker)]));
}

interface Seen {
  readonly ran: string | undefined;
  readonly made: number;
  readonly shown: boolean;
}

const LOOK = `({
  ran: globalThis.attacked,
  made: document.querySelectorAll(".attacked, img[onerror], [src='data:,']").length,
  shown: document.body.textContent.includes("<script>globalThis.attacked"),
})`;

test(
  "[E149] a script that is stored in every text of every kind of record is shown as text by every view, and runs in none",
  async () => {
    expect([...storedKinds].toSorted()).toEqual(
      expect.arrayContaining(["alarmRule", "connection", "element", "shell", "signal", "submodel"]),
    );
    const { page, furnished } = studio;
    const dialogs: string[] = [];
    page.on("dialog", (dialog) => (dialogs.push(dialog.message()), void dialog.dismiss()));
    let shown = 0;
    const look = async (address: string): Promise<readonly string[]> => {
      const seen = await seenOn(page);
      if (seen.shown) shown++;
      return seen.ran === undefined && seen.made === 0 ? [] : [`${address}: ran ${seen.ran}, made ${seen.made}`];
    };
    expect(await walk(page, furnished, look)).toEqual([]);
    expect(dialogs).toEqual([]);
    console.log(`${stored} records with a script; ${shown} views show it as text`);
    expect(shown).toBeGreaterThan(8);
  },
  AMPLE_MS,
);

const seenOn = (page: Page): Promise<Seen> => page.evaluate<Seen>(LOOK);
