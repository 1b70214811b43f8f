import type { Browser, CDPSession, Page } from "playwright-core";
import { eventually, startBrowser, startSite } from "../e2e/running-site.ts";
import { quantile, reportMedian, type Report } from "./report.ts";

const RUNS = Number(process.env["BENCH_RUNS"] ?? 3);
const ACT_MS = 3_000;
/** Of a mouse. */
const MOVE_EVERY_MS = 1_000 / 60;
/** After an act, until what it causes is over. */
const QUIET_MS = 2_500;
/** So long the past of the plant is waited for; what is not read by then is read beside the acts. */
const BACKFILL_S = 60;

/** One way to work with the page for `ACT_MS`; what it needs is prepared before. */
interface Act {
  readonly name: string;
  readonly path: string;
  readonly content: string;
  prepare?(page: Page): Promise<void>;
  work(operator: Operator): Promise<void>;
}

const RAIL = ".dw-rail-canvas";
const ROWS = ".dw-places tbody tr.is-line";
const WORLD = ".dw-world-host:not(.is-setting-up)";
const ACTS: readonly Act[] = [
  {
    name: "typing in search",
    path: "/board",
    content: ROWS,
    prepare: async (page) => {
      await page.keyboard.press("Control+k");
      await page.locator('[role="dialog"] input').waitFor();
    },
    work: (operator) => operator.type("leak test s090 force line 4 "),
  },
  {
    name: "scrolling of alarm rules",
    path: "/alarms/rules",
    content: ".dw-alarm-table table tbody tr",
    work: (operator) => operator.scroll(".dw-alarm-table"),
  },
  { name: "pan of the 3D view", path: "/world", content: WORLD, work: (operator) => operator.sway(WORLD, 0.5, "right") },
  { name: "Rail drag, board", path: "/board", content: ROWS, work: (operator) => operator.sway(RAIL, 0.75, "left") },
  { name: "Rail drag, world", path: "/world", content: WORLD, work: (operator) => operator.sway(RAIL, 0.75, "left") },
];

/**
 * The demo site in the browser that renders in software, while somebody works with it for three seconds, three times each: intervals of frames, and the time from
 * a move, key or turn of the wheel to the frame that follows it. Busy time of the page's main thread and requests hardly depend on what else runs on the machine.
 * Bars: Rail drag, p95 of frames, 80 ms on the board and 120 ms in the world.
 */
export async function bench(report: Report): Promise<void> {
  const site = await startSite({ minimal: false, whole: true });
  const browser = await startBrowser();
  try {
    const client = site.client("Bench");
    const until = performance.now() + BACKFILL_S * 1_000;
    await eventually(async () => performance.now() > until || (await client.world()).backfill.done, "the past of the plant");
    for (const act of ACTS) await measured(browser, site.url, act, report);
  } finally {
    await browser.close();
    await site.stop();
  }
}

async function measured(browser: Browser, url: string, act: Act, report: Report): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    const page = await context.newPage();
    await page.addInitScript(() => localStorage.setItem("doppelwerk.preferences", JSON.stringify({ personId: "a-secret", name: "Bench" })));
    await page.goto(url + act.path);
    await page.locator(act.content).first().waitFor();
    await act.prepare?.(page);
    const operator = await Operator.on(page);
    const taken: Taken[] = [];
    // the first one loads what is needed only then
    for (let run = -1; run < RUNS; run++) {
      await page.waitForTimeout(QUIET_MS);
      const one = await operator.watched(() => act.work(operator));
      if (run >= 0) taken.push(one);
      await page.keyboard.press("Escape");
      if (act.prepare !== undefined) await act.prepare(page);
    }
    const figures: readonly (readonly [string, string, (one: Taken) => number])[] = [
      ["frame, p50", "ms", ({ frames }) => quantile(frames, 0.5)],
      ["frame, p95", "ms", ({ frames }) => quantile(frames, 0.95)],
      ["frame, longest", "ms", ({ frames }) => frames.at(-1)!],
      ["frames", "", ({ frames }) => frames.length],
      ["act to frame, p95", "ms", ({ paints }) => quantile(paints, 0.95)],
      ["main thread busy", "ms/s", ({ busyMs }) => (busyMs / ACT_MS) * 1_000],
      ["requests", "", ({ requests }) => requests],
    ];
    for (const [metric, unit, figure] of figures) reportMedian(report, "interaction", `${act.name}: ${metric}`, unit, taken.map(figure));
  } finally {
    await context.close();
  }
}

interface Taken {
  /** Ascending, milliseconds between frames. */
  readonly frames: readonly number[];
  /** Ascending, milliseconds from what the operator did to the end of the frame after it. */
  readonly paints: readonly number[];
  readonly busyMs: number;
  readonly requests: number;
}

/** In the page: intervals of frames and times from an act to its picture. A frame is on the screen when the next task runs. */
const WATCH = `(() => {
  const watch = (globalThis.interactionWatch = { frames: [], paints: [], isOn: true });
  let last;
  const frame = (now) => {
    if (!watch.isOn) return;
    if (last !== undefined) watch.frames.push(now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  const acted = (event) => {
    if (!watch.isOn) return;
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => watch.paints.push(performance.now() - event.timeStamp);
      channel.port2.postMessage(0);
    });
  };
  for (const kind of ["pointermove", "keydown", "wheel"]) document.addEventListener(kind, acted, { capture: true, passive: true });
})()`;

/** Moves, keys and turns of the wheel as the browser has them from a person: on time, whether the page has followed or not. */
class Operator {
  readonly #page: Page;
  readonly #wire: CDPSession;
  #requests = 0;

  private constructor(page: Page, wire: CDPSession) {
    this.#page = page;
    this.#wire = wire;
    page.on("request", () => this.#requests++);
  }

  static async on(page: Page): Promise<Operator> {
    const wire = await page.context().newCDPSession(page);
    await wire.send("Performance.enable");
    return new Operator(page, wire);
  }

  async watched(work: () => Promise<void>): Promise<Taken> {
    await this.#page.evaluate(WATCH);
    const [cpu, requests] = [await this.#busyMs(), this.#requests];
    await work();
    const busyMs = (await this.#busyMs()) - cpu;
    const { frames, paints } = await this.#page.evaluate<{ frames: number[]; paints: number[] }>(
      "(globalThis.interactionWatch.isOn = false, globalThis.interactionWatch)",
    );
    const ascending = (values: readonly number[]): readonly number[] => values.toSorted((a, b) => a - b);
    return { frames: ascending(frames), paints: ascending(paints), busyMs, requests: this.#requests - requests };
  }

  /** Drags to and fro over a quarter of the element's width about `middle`, a share of it. */
  async sway(selector: string, middle: number, button: "left" | "right"): Promise<void> {
    const box = (await this.#page.locator(selector).first().boundingBox())!;
    const y = box.y + box.height * 0.6;
    const xAt = (ms: number): number => box.x + box.width * (middle + 0.125 * Math.sin(ms / 700));
    const buttons = button === "left" ? 1 : 2;
    const mouse = (type: string, x: number): void =>
      void this.#wire.send("Input.dispatchMouseEvent", { type: type as "mouseMoved", x, y, button, buttons, clickCount: 1 });
    mouse("mousePressed", xAt(0));
    await paced(MOVE_EVERY_MS, (ms) => mouse("mouseMoved", xAt(ms)));
    await this.#wire.send("Input.dispatchMouseEvent", { type: "mouseReleased", x: xAt(ACT_MS), y, button, buttons: 0, clickCount: 1 });
  }

  /** As fast as a practised typist: ten keys a second. */
  async type(text: string): Promise<void> {
    let at = 0;
    await paced(100, () => {
      const key = text[at++ % text.length]!;
      void this.#wire.send("Input.dispatchKeyEvent", { type: "keyDown", text: key, key });
      void this.#wire.send("Input.dispatchKeyEvent", { type: "keyUp", key });
    });
  }

  async scroll(selector: string): Promise<void> {
    const box = (await this.#page.locator(selector).first().boundingBox())!;
    const [x, y] = [box.x + box.width / 2, box.y + Math.min(box.height / 2, 200)];
    await paced(MOVE_EVERY_MS, (ms) => {
      const deltaY = ms < ACT_MS / 2 ? 40 : -40;
      void this.#wire.send("Input.dispatchMouseEvent", { type: "mouseWheel", x, y, deltaX: 0, deltaY });
    });
  }

  /** Busy time of the main thread so far, milliseconds. */
  async #busyMs(): Promise<number> {
    const { metrics } = await this.#wire.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "TaskDuration")!.value * 1_000;
  }
}

/** Runs by the clock for `ACT_MS`, also where an answer is late. */
async function paced(everyMs: number, run: (ms: number) => void): Promise<void> {
  const start = performance.now();
  for (let next = 0; next < ACT_MS; next += everyMs) {
    await new Promise((done) => setTimeout(done, Math.max(0, start + next - performance.now())));
    run(performance.now() - start);
  }
}
