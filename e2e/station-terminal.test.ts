import { randomUUID } from "node:crypto";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildStudio } from "../scripts/build.ts";
import { clientOf, eventually, startBrowser, startSite, type RunningSite } from "./running-site.ts";

// A terminal in a real browser whose network goes, and a server that is killed while entries come.
const AMPLE_MS = 900_000;
const ROUNDS = Number(process.env["ROUNDS"] ?? 6);
const TERMINALS = 4;
const ENTRIES = 10;

let site: RunningSite;
let browser: Browser;
let station: string;

interface Recorded {
  readonly type: string;
  readonly at: number;
  readonly actor?: string;
  readonly payload: Readonly<Record<string, unknown>>;
}
interface Answer {
  readonly results: readonly { readonly id: string; readonly status: string }[];
}

const request = <Result>(method: string, path: string, body?: unknown): Promise<Result> =>
  clientOf(site.url, "terminal").requester.json<Result>(method, path, body === undefined ? {} : { body });

async function recorded(type: string): Promise<readonly Recorded[]> {
  const events: Recorded[] = [];
  let next: string | undefined;
  do {
    const query = `order=ascending&types=${type}&limit=1000${next === undefined ? "" : `&cursor=${encodeURIComponent(next)}`}`;
    const page = await request<{ readonly events: readonly Recorded[]; readonly next?: string }>("GET", `/event-records?${query}`);
    events.push(...page.events);
    next = page.next;
  } while (next !== undefined);
  return events;
}

beforeAll(async () => {
  buildStudio();
  [site, browser] = await Promise.all([startSite({ minimal: true }), startBrowser()]);
  station = await eventually(async () => {
    const stations = await request<readonly { readonly station: string }[]>("GET", "/terminal-stations");
    return stations[0]?.station;
  }, "a station");
  await request("POST", "/terminal-badges", { number: "04A1B2C3", name: "Hanna Engel" });
}, AMPLE_MS);
afterAll(async () => {
  await browser?.close();
  await site?.stop();
});

test(
  "[E194] [station-terminal TM6] a terminal whose network goes keeps what is entered, and sends it once and in its order when the network is back",
  async () => {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
    const page = await context.newPage();
    await page.addInitScript(() =>
      localStorage.setItem("doppelwerk.preferences", JSON.stringify({ personId: "e2e-terminal", name: "Terminal", language: "en" })),
    );
    await page.goto(`${site.url}/station/${encodeURIComponent(`at:${station}`)}`);
    await page.getByRole("button", { name: "Call for help" }).waitFor();
    await context.setOffline(true);
    const began = Date.now() * 1_000;
    // as a reader types
    await page.keyboard.type("04A1B2C3");
    await page.keyboard.press("Enter");
    await page.getByText("Badge …C3").waitFor();
    for (const defect of ["Scratch or dent", "Part missing", "Dirty"]) {
      await page.getByRole("button", { name: "Defect", exact: true }).click();
      await page.getByRole("button", { name: defect }).click();
    }
    await page.getByText("4 saved here").waitFor();
    const ended = Date.now() * 1_000;
    expect(await recorded("terminal.defect")).toEqual([]);
    await context.setOffline(false);
    await page.getByText("Hanna Engel").waitFor();
    await page.getByText(/saved here/).waitFor({ state: "detached" });
    const defects = await recorded("terminal.defect");
    expect(defects.map(({ payload }) => payload["code"])).toEqual(["surface", "missing", "dirt"]);
    const [on] = await recorded("terminal.signedOn");
    for (const { actor, at } of defects) {
      expect(actor).toBe(on!.actor);
      // when they were entered, not when they came
      expect(at).toBeGreaterThan(began - 5_000_000);
      expect(at).toBeLessThan(ended + 5_000_000);
    }
    await context.close();
  },
  AMPLE_MS,
);

test(
  "[E195] [station-terminal TM2] a server that is killed while terminals send has each entry once when they have sent again what was not answered",
  async () => {
    const sent: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const died = new Promise<void>((resolve) => site.server.child.once("exit", () => resolve()));
      const batches = Array.from({ length: TERMINALS }, (_, terminal) =>
        Array.from({ length: ENTRIES }, (_each, at) => ({
          id: randomUUID(),
          kind: "defect",
          station,
          deviceTime: Date.now() * 1_000,
          code: "fit",
          serial: `${round}-${terminal}-${at}`,
        })),
      );
      const send = (entries: (typeof batches)[number]): Promise<Answer> =>
        request<Answer>("POST", "/terminal-entries", { deviceNow: Date.now() * 1_000, entries });
      const answers = Promise.all(batches.map((entries) => send(entries).catch(() => undefined)));
      setTimeout(() => site.server.child.kill("SIGKILL"), round * 25);
      await died;
      const told = await answers;
      await site.restartServer("SIGKILL");
      // as a terminal does: again and again until everything is done, also what was answered already
      for (const [at, entries] of batches.entries()) {
        if (told[at] !== undefined) expect(told[at].results.every(({ status }) => status === "done")).toBe(true);
        await eventually(async () => {
          const { results } = await send(entries);
          return results.length === entries.length && results.every(({ status }) => status === "done");
        }, "all entries");
        sent.push(...entries.map(({ serial }) => serial));
      }
    }
    const serials = (await recorded("terminal.defect")).flatMap(({ payload }) =>
      payload["code"] === "fit" ? [String(payload["serial"])] : [],
    );
    expect(serials.toSorted()).toEqual(sent.toSorted());
  },
  AMPLE_MS,
);
