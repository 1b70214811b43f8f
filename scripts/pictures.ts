import { spawnSync } from "node:child_process";
import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Client } from "@doppelwerk/client";
import type { Browser } from "playwright-core";
import { eventually, startBrowser, startSite } from "../e2e/running-site.ts";
import type { RunningSite } from "../e2e/running-site.ts";
import { buildStudio } from "./build.ts";

// `npm run pictures`: the pictures of README and guide, taken from the running product with the whole demo plant. Nothing in them is drawn by hand.
// `npm run pictures -- --gallery [VIEW…]`: every view at each pair of size, theme, language and state, into a folder that is not committed.
const folder = fileURLToPath(new URL("../docs/pictures", import.meta.url));
const HOUR = 3_600_000_000;

/** One picture: an address of the studio, and how it is lit. */
interface Picture {
  readonly name: string;
  readonly address: string;
  readonly theme: "light" | "dark";
  /** A text that stands on the screen when it is complete. */
  readonly shows: string | RegExp;
  /** Default 1440 × 900. */
  readonly size?: { readonly width: number; readonly height: number };
}

async function takePictures(): Promise<void> {
  buildStudio();
  mkdirSync(folder, { recursive: true });
  const site = await startSite({ minimal: false });
  try {
    const { branch, study, forecast, request, now } = await prepare(site);
    const past = new Date((now - 2 * HOUR) / 1_000).toISOString();
    const pictures: readonly Picture[] = [
      { name: "world-branch", address: `/world?branch=${branch}&subject=S090&rail=28800s`, theme: "light", shows: "S090" },
      { name: "board", address: "/board", theme: "dark", shows: "S090" },
      { name: "analysis-trend", address: "/analysis?inspector=closed", theme: "light", shows: "Std. dev." },
      {
        name: "decide",
        address: `/decide?branch=${branch}&run=${encodeURIComponent(study)}&inspector=closed&rail=28800s`,
        theme: "light",
        shows: /better|worse|no evidence/i,
      },
      { name: "rewound", address: `/world?t=${past}&subject=S090&rail=28800s`, theme: "light", shows: "S090" },
      {
        name: "watch",
        address: `/decide/${encodeURIComponent("watch@28800")}?branch=${branch}&run=${encodeURIComponent(forecast)}&inspector=closed&rail=28800s`,
        theme: "light",
        shows: /the same events as on the server/,
      },
      { name: "phone", address: "/board", theme: "light", shows: "S090", size: { width: 390, height: 844 } },
      { name: "merge-request", address: `/changes/${encodeURIComponent(request)}`, theme: "light", shows: "Approve" },
    ];
    const browser = await startBrowser();
    try {
      for (const picture of pictures) await take(browser, site.url, picture);
    } finally {
      await browser.close();
    }
  } finally {
    await site.stop();
  }
}

/** A branch with one leak-test place more, its forecast and its study done, and a merge request that Bo has not yet approved. */
async function prepare(
  site: RunningSite,
): Promise<{ readonly branch: string; readonly study: string; readonly forecast: string; readonly request: string; readonly now: number }> {
  const ada = site.client("Ada Fischer");
  await eventually(
    async () => ((await ada.snapshot()).stations.some(({ state }) => state !== "unknown") ? true : undefined),
    "the line tells its state",
    120,
  );
  // a world without its connection yet has nothing to read
  await eventually(async () => ((await ada.world()).backfill.done ? true : undefined), "the plant's archive is read", 180);
  await eventually(async () => ((await ada.shifts()).length > 10 ? true : undefined), "the shifts of the past are derived", 180);
  await eventually(
    async () => ((await ada.backtest()).state === "done" ? true : undefined),
    "past forecasts are compared with what came",
    300,
  );

  const branch = await ada.fork("seventh leak-test place");
  const factor = (await ada.factors(branch.id)).find(({ key }) => key === "S090/NumberOfPlaces")!;
  const session = ada.live({ branch: branch.id });
  await eventually(() => (session.state().kind === "online" ? true : undefined), "the live session is online");
  await session.push(branch.id, "one leak-test place more", [
    { op: "update", id: factor.element, fields: { value: { from: String(factor.value), to: String(factor.value + 1) } } },
  ]);
  session.close();
  const study = (await ada.run(branch.id, { kind: "study", seed: 1, replications: 20, shifts: 10 })).id;
  await finished(ada, study);
  const forecast = (await ada.run(branch.id, { kind: "forecast", seed: 1, replications: 30 })).id;
  await finished(ada, forecast);
  const planned = {
    owner: "Maintenance",
    effectiveFrom: new Date(Date.now() + 14 * 86_400_000).toISOString().slice(0, 10),
    action: "Install and qualify a seventh leak-test place",
  };
  const request = await ada.propose({
    branch: branch.id,
    title: "Seventh leak-test place",
    text: "The leak test holds the line. See the study.",
    runs: [study],
    planned,
  });
  await site.client("Bo Lindqvist").comment(request.id, "The air supply is enough for seven. I would like to see the rejects too.");
  return { branch: branch.id, study, forecast, request: request.id, now: (await ada.world()).now };
}

async function finished(client: Client, run: string): Promise<void> {
  await eventually(
    async () => {
      const { run: summary } = await client.runResult(run);
      if (summary.state === "failed") throw new Error(summary.message);
      return summary.state === "done" ? true : undefined;
    },
    "the run is done",
    300,
  );
}

async function take(browser: Browser, url: string, picture: Picture): Promise<void> {
  const context = await browser.newContext({
    viewport: picture.size ?? { width: 1440, height: 900 },
    deviceScaleFactor: 1,
    reducedMotion: "reduce",
  });
  const preferences = {
    personId: "e2e-secret-of-Bo Lindqvist",
    name: "Bo Lindqvist",
    theme: picture.theme,
    language: "en",
    inspectorWidth: 352,
  };
  await context.addInitScript((text) => localStorage.setItem("doppelwerk.preferences", text), JSON.stringify(preferences));
  const page = await context.newPage();
  page.on("pageerror", (error) => process.stderr.write(`${picture.name}: ${error.message}\n`));
  await page.goto(`${url}${picture.address}`);
  await page.getByText(picture.shows).first().waitFor({ timeout: 60_000 });
  // Software rendering of the first frames and the history of the Rail take a while; nothing on the screen says that it is settled.
  await page.waitForTimeout(10_000);
  const path = join(folder, `${picture.name}.png`);
  await page.screenshot({ path });
  await context.close();
  // ImageMagick, where it is there, makes a picture four times smaller; no eye sees the difference on flat greys.
  spawnSync("magick", [path, "-dither", "None", "-colors", "256", "-define", "png:compression-level=9", `PNG8:${path}`], {
    stdio: "ignore",
  });
  process.stderr.write(`doppelwerk: ${picture.name}.png, ${Math.round(statSync(path).size / 1_000)} kB\n`);
}

if (process.argv[2] === "--gallery") {
  const { takeGallery } = await import("./gallery/gallery.ts");
  if (!(await takeGallery(process.argv.slice(3)))) process.exitCode = 1;
} else await takePictures();
