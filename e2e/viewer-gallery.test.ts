import { fileURLToPath } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";
import { createServer, type ViteDevServer } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { need } from "../scripts/services.ts";

// The viewer in a real browser that renders in software: pixels, calls and layout are asserted, never speed.
const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  "--disable-background-networking",
  "--no-first-run",
];
let server: ViteDevServer;
let browser: Browser;
let base: string;

beforeAll(async () => {
  const root = fileURLToPath(new URL("../packages/ui", import.meta.url));
  server = await createServer({
    root,
    configFile: false,
    logLevel: "error",
    server: { port: 0, host: "127.0.0.1", hmr: false, fs: { allow: [fileURLToPath(new URL("..", import.meta.url))] } },
    optimizeDeps: { entries: ["src/viewer/gallery.html"] },
    cacheDir: fileURLToPath(new URL("../node_modules/.vite-gallery", import.meta.url)),
  });
  await server.listen();
  base = `${server.resolvedUrls!.local[0]!}src/viewer/gallery.html`;
  browser = await chromium.launch({ executablePath: need("chromium"), args: flags });
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

async function open(
  query: string,
  size = { width: 960, height: 600 },
): Promise<{ readonly page: Page; readonly errors: readonly string[] }> {
  const page = await browser.newPage({ viewport: size });
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().includes("404")) errors.push(message.text());
  });
  await page.goto(`${base}?${query}`);
  await page.waitForFunction(() => globalThis.viewer?.statistics().frames > 0, undefined, { timeout: 240_000 });
  return { page, errors };
}

/** Waits until two looks in a row see no new frame, and none that is due or being drawn. */
async function asleep(page: Page): Promise<void> {
  const look = () => page.evaluate(() => globalThis.viewer.statistics());
  for (let seen = -1, still = 0; still < 2;) {
    await page.waitForTimeout(400);
    const { frames, isAsleep } = await look();
    still = isAsleep && frames === seen ? still + 1 : 0;
    seen = frames;
  }
}

test("the sample line keeps its budget, its labels apart, and the loop asleep while nothing moves", async () => {
  const { page, errors } = await open("show=line&still");
  await asleep(page);
  const before = await page.evaluate(() => globalThis.viewer.statistics());
  expect(before.drawCalls).toBeGreaterThan(50);
  expect(before.drawCalls).toBeLessThanOrEqual(200);
  expect(before.triangles).toBeGreaterThan(50_000);
  expect(before.triangles).toBeLessThanOrEqual(400_000);
  await page.waitForTimeout(1000);
  expect((await page.evaluate(() => globalThis.viewer.statistics())).frames).toBe(before.frames);
  const rects = await page.$$eval("[data-label]", (labels) =>
    labels.map((label) => label.getBoundingClientRect()).map(({ left, right, top, bottom }) => ({ left, right, top, bottom })),
  );
  expect(rects.length).toBeGreaterThan(5);
  expect(rects.length).toBeLessThanOrEqual(20);
  rects.forEach((a, i) =>
    rects.slice(i + 1).forEach((b) => expect(a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom).toBe(false)),
  );
  expect(errors).toEqual([]);
  await page.close();
});

test("a site of 160 stations is blocks from afar and machines near by, within the budget of two lines wherever one looks", async () => {
  const { page, errors } = await open("show=site&still&lines=10");
  await asleep(page);
  const far = await page.evaluate(() => globalThis.viewer.statistics());
  expect(far.parts).toBeGreaterThan(1_000);
  expect(far.drawCalls).toBeLessThanOrEqual(60);
  expect(far.triangles).toBeLessThanOrEqual(60_000);
  for (const id of ["line-1/frame", "line-8/frame"]) {
    await page.evaluate((part) => globalThis.viewer.frame(part), id);
    await asleep(page);
    const near = await page.evaluate(() => globalThis.viewer.statistics());
    expect(near.triangles).toBeGreaterThan(far.triangles * 2);
    expect(near.drawCalls).toBeLessThanOrEqual(420);
    expect(near.triangles).toBeLessThanOrEqual(800_000);
  }
  expect(errors).toEqual([]);
  await page.close();
});

test("[U120] a frame of a site computes no matrix of what stands and writes no label that stays, at 160 stations and at 480", async () => {
  const [small, large] = [await workOfFrames(10), await workOfFrames(30)];
  // those of the camera and of the copy of what stands
  for (const { turning, resting } of [small, large]) {
    expect(turning.matrices).toBeLessThanOrEqual(20);
    expect(resting.matrices).toBeLessThanOrEqual(20);
    expect(resting.writes).toBe(0);
  }
  expect(large).toEqual(small);
});

/** Of a site seen from within its first line. */
async function workOfFrames(lines: number): ReturnType<typeof globalThis.work> {
  const { page } = await open(`show=site&still&lines=${lines}`, { width: 480, height: 300 });
  await page.evaluate(() => globalThis.viewer.frame("line-1/frame"));
  await asleep(page);
  const work = await page.evaluate(() => globalThis.work());
  await page.close();
  return work;
}

test("a click selects what is seen, and the selection is drawn and can be cleared", async () => {
  const { page } = await open("show=line&still");
  await page.evaluate(() => {
    globalThis.picked = [];
    globalThis.viewer.onSelect = (hit) => globalThis.picked.push(hit?.stationId);
    globalThis.viewer.frame("S080");
  });
  await asleep(page);
  const plain = await page.screenshot();
  const y = await page.evaluate(() =>
    [...Array(60).keys()].map((step) => step * 10).find((at) => globalThis.viewer.pickAt(480, at)?.stationId === "S080"),
  );
  expect(y).toBeDefined();
  await page.mouse.click(480, y!);
  const picked = () => page.evaluate(() => globalThis.picked);
  await expect.poll(picked).toEqual(["S080"]);
  await expect.poll(async () => (await page.screenshot()).equals(plain)).toBe(false);
  await page.keyboard.press("Escape");
  await page.mouse.move(5, 5);
  await expect.poll(picked).toEqual(["S080", undefined]);
  await page.close();
});

test("[U33] products glide over the kept picture of what stands, and the same instant draws the same picture", async () => {
  const { page } = await open("show=line&still");
  const picture = async (seconds: number): Promise<Buffer> => {
    const before = await page.evaluate((at) => {
      globalThis.tick(at);
      return globalThis.viewer.statistics().frames;
    }, seconds);
    // However slow the machine draws: first a new frame, then none any more.
    await page.waitForFunction((frames) => globalThis.viewer.statistics().frames > frames, before);
    await asleep(page);
    return page.screenshot();
  };
  const first = await picture(50);
  const { pictures } = await page.evaluate(() => globalThis.viewer.statistics());
  expect((await picture(53)).equals(first)).toBe(false);
  expect((await picture(50)).equals(first)).toBe(true);
  expect((await page.evaluate(() => globalThis.viewer.statistics())).pictures).toBe(pictures);
  await page.close();
});

test("[U32] after a drag, and after a selection, the picture at rest is the full one again, pixel by pixel", async () => {
  const { page } = await open("show=line&stands", { width: 960, height: 600 });
  await asleep(page);
  const shareDrawn = (): Promise<number> => page.evaluate(() => globalThis.share());
  // the first frame is drawn, those after it are the kept picture
  await page.evaluate(() => globalThis.viewer.invalidate());
  await asleep(page);
  const sharp = await page.screenshot();
  // until what follows the eye is coarse; a machine that draws fast never is
  const least = await page.evaluate(async () => {
    const { viewer } = globalThis;
    const { view } = viewer.rig;
    let least = 1;
    for (let turn = 0; turn < 12; turn++) {
      const { frames } = viewer.statistics();
      viewer.lookFrom({ ...view, yaw: view.yaw + 0.02 * (turn % 2) });
      while (viewer.statistics().frames === frames) await new Promise((done) => setTimeout(done, 5));
      least = Math.min(least, globalThis.share());
    }
    viewer.lookFrom(view);
    return least;
  });
  expect(least).toBeGreaterThanOrEqual(0.34);
  await expect.poll(shareDrawn).toBe(1);
  await asleep(page);
  expect((await page.screenshot()).equals(sharp)).toBe(true);
  await page.evaluate(() => {
    globalThis.viewer.setSelection("S080");
    globalThis.viewer.setSelection(undefined);
  });
  await asleep(page);
  expect(await shareDrawn()).toBe(1);
  expect((await page.screenshot()).equals(sharp)).toBe(true);
  await page.close();
});

test("[U123] while the processor draws a picture the page goes on, and shows it when it is finished", async () => {
  const { page } = await open("show=line&still");
  await asleep(page);
  const meanwhile = await page.evaluate(async () => {
    const { viewer } = globalThis;
    const { view } = viewer.rig;
    let [frames, isOver] = [0, false];
    const frame = (): void => {
      frames++;
      if (!isOver) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    const counts: number[] = [];
    for (let picture = 1; picture <= 5; picture++) {
      const drawn = new Promise<void>((done) => (viewer.onView = done));
      const finished = new Promise<void>((done) => (viewer.onFinished = done));
      viewer.lookFrom({ ...view, yaw: view.yaw + 0.05 * picture });
      await drawn;
      const before = frames;
      await finished;
      counts.push(frames - before);
    }
    isOver = true;
    return counts.reduce((sum, count) => sum + count, 0);
  });
  // a page that waits for its pictures has one frame each
  expect(meanwhile).toBeGreaterThan(10);
  await page.close();
});

test("a branch shows one ghost for one more place, and a viewer taken away leaves nothing behind", async () => {
  const { page, errors } = await open("show=branch&still", { width: 390, height: 700 });
  await page.evaluate(() => globalThis.viewer.dispose());
  const left = await page.locator("#host > *").count();
  expect(left).toBe(0);
  expect(errors).toEqual([]);
  await page.close();
});

declare global {
  // What the gallery page puts on its window.
  var viewer: {
    statistics(): {
      readonly frames: number;
      readonly pictures: number;
      readonly drawCalls: number;
      readonly triangles: number;
      readonly submitMs: number;
      readonly parts: number;
      readonly isAsleep: boolean;
    };
    invalidate(): void;
    home(): void;
    lookFrom(view: { readonly yaw: number }): void;
    setSelection(id: string | undefined): void;
    walk(): void;
    readonly rig: {
      readonly view: { readonly yaw: number; readonly target: readonly number[] };
      readonly walking: boolean;
      readonly camera: { readonly position: { toArray(): number[] } };
    };
    onView: (() => void) | undefined;
    onFinished: (() => void) | undefined;
    frame(id: string): void;
    pickAt(x: number, y: number): { readonly stationId?: string } | undefined;
    dispose(): void;
    onSelect: (hit: { readonly stationId?: string } | undefined) => void;
  };
  var tick: (seconds: number) => void;
  var work: () => Promise<{
    readonly turning: { readonly matrices: number };
    readonly resting: { readonly matrices: number; readonly writes: number };
  }>;
  var share: () => number;
  var stageColour: readonly number[];
  var pixels: (png: readonly number[]) => Promise<readonly (readonly number[])[]>;
  var focused: () => string | undefined;
  var addWalkButton: () => void;
  var stripes: (png: readonly number[], period: number) => Promise<number>;
  var everywhere: (state: "running" | "blocked" | "unknown") => void;
  var requestAnimationFrame: (run: () => void) => number;
  var picked: (string | undefined)[];
}

test("[U134] until the first picture, and after another size, the canvas has the colour of the empty stage and takes the focus, with and without a graphics card", async () => {
  for (const theme of ["light", "dark", "contrast"])
    for (const hasCard of theme === "light" ? [false, true] : [false]) {
      const page = await browser.newPage({ viewport: { width: 480, height: 300 } });
      // whose renderer has no name draws on the page itself
      if (hasCard)
        await page.addInitScript(`{
          const { getExtension } = WebGL2RenderingContext.prototype;
          WebGL2RenderingContext.prototype.getExtension = function (name) {
            return name === "WEBGL_debug_renderer_info" ? null : getExtension.call(this, name);
          };
        }`);
      await page.goto(`${base}?show=nothing&theme=${theme}`);
      const canvas = page.locator("#host canvas");
      await canvas.waitFor();
      const wanted = await page.evaluate(() => globalThis.stageColour);
      for (const size of [480, 400]) {
        await page.setViewportSize({ width: size, height: 300 });
        const what = `${theme}, ${hasCard ? "with" : "without"} a card, ${size} px`;
        await expect.poll(() => canvas.evaluate(({ clientWidth }) => clientWidth), { message: what }).toBe(size);
        await expect
          .poll(async () => farthest(await page.evaluate((png) => globalThis.pixels(png), [...(await page.screenshot())]), wanted), {
            message: what,
          })
          .toBeLessThanOrEqual(2);
      }
      expect(await page.evaluate(() => globalThis.viewer.statistics().frames)).toBe(0);
      await canvas.focus();
      expect(await page.evaluate(() => globalThis.focused())).toBe("CANVAS");
      await page.close();
    }
});

const farthest = (all: readonly (readonly number[])[], wanted: readonly number[]): number =>
  Math.max(...all.flatMap((each) => each.map((value, at) => Math.abs(value - wanted[at]!))));

test("[U34] a walk begun by its button is walked by keys at once; Escape ends it and the focus is on the button again", async () => {
  const { page, errors } = await open("show=line&still");
  await page.evaluate(() => globalThis.addWalkButton());
  const button = page.getByRole("button", { name: "Walk" });
  const focused = () => page.evaluate(() => globalThis.focused());
  const place = () => page.evaluate(() => globalThis.viewer.rig.view.target);
  const home = await place();
  for (const begin of [() => button.press("Enter"), () => button.click()]) {
    await begin();
    expect(await focused()).toBe("CANVAS");
    const before = await place();
    await page.keyboard.down("w");
    await expect.poll(async () => Math.hypot(...(await place()).map((value, at) => value - before[at]!))).toBeGreaterThan(0.3);
    await page.keyboard.up("w");
    await page.keyboard.press("Escape");
    expect(await focused()).toBe("BUTTON");
    await expect.poll(place).toEqual(home);
    expect(await page.evaluate(() => globalThis.viewer.rig.walking)).toBe(false);
  }
  // who begins it by its key has the focus on the picture before and after
  await page.locator("#host canvas").focus();
  for (const isWalking of [true, false]) {
    await page.keyboard.press("g");
    expect(await page.evaluate(() => globalThis.viewer.rig.walking)).toBe(isWalking);
    expect(await focused()).toBe("CANVAS");
  }
  expect(errors).toEqual([]);
  await page.close();
});

test("[U34] a walk begins where a line is seen across free floor; what is near is not striped by its state, and a key held walks by time", async () => {
  const { page, errors } = await open("show=line&still");
  const periods = { running: 7, blocked: 7, unknown: 5 };
  const striped = async (state: keyof typeof periods, period = periods[state]): Promise<number> => {
    await page.evaluate((each) => globalThis.everywhere(each), state);
    await asleep(page);
    const png = await page.locator("#host canvas").screenshot();
    return page.evaluate(([bytes, every]) => globalThis.stripes(bytes, every), [[...png], period] as const);
  };
  // from afar the hatch is what says the state
  const [plain, hatched] = [await striped("running"), await striped("blocked")];
  await page.evaluate(() => globalThis.viewer.walk());
  await asleep(page);
  const near = [await striped("running"), await striped("blocked"), await striped("running", 5), await striped("unknown")];
  expect(hatched).toBeGreaterThan(plain + 0.3);
  // half a level of grey is seen by nobody
  expect(near.map((levels) => levels < 0.2)).toEqual([true, true, true, true]);

  const eye = () => page.evaluate(() => globalThis.viewer.rig.camera.position.toArray());
  const from = await eye();
  expect(from[1]).toBeCloseTo(1.65, 2);
  const startedMs = performance.now();
  await page.keyboard.down("w");
  await page.waitForTimeout(1_200);
  await page.keyboard.up("w");
  const heldMs = performance.now() - startedMs;
  await asleep(page);
  const to = await eye();
  const metres = Math.hypot(to[0]! - from[0]!, to[2]! - from[2]!);
  // 2.4 m/s for as long as the key was held, however few pictures came
  expect(metres).toBeGreaterThan(2.4);
  expect(metres).toBeLessThan((heldMs / 1000) * 2.4 + 0.1);
  expect(errors).toEqual([]);
  await page.close();
});
