import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { viewsOfProduct, type Language } from "./views-of-product.fixture.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const views = viewsOfProduct("about");

/** Where each view is, the code of its sentence, and its guide. */
const VIEWS: readonly (readonly [address: string, about: string, guide: string])[] = [
  ["/world", "line.about", "rewind-and-fork"],
  ["/board", "view.boardAbout", "kpi-targets"],
  ["/alarms", "alarms.about", "alarms"],
  ["/alarm-management", "alarmManagement.about", "alarm-management"],
  ["/trends", "history.about", "history"],
  ["/boards", "boards.about", "boards"],
  ["/analysis", "trends.about", "trends"],
  ["/shift", "shiftPage.about", "shift-page"],
  ["/losses", "losses.pareto.about", "shift-page"],
  ["/orders", "orders.about", "orders"],
  ["/personnel", "personnel.about", "personnel"],
  ["/andon", "andon.about", "kpis"],
  ["/maintenance", "maintenance.about", "maintenance"],
  ["/kpis", "kpis.indicators.about", "kpis"],
  ["/station", "stationTerminal.about", "terminal"],
  ["/rounds", "rounds.about", "rounds"],
  ["/stores", "stores.about", "stores"],
  ["/tracking", "tracking.about", "tracking"],
  ["/energy", "energy.page.about", "energy"],
  ["/footprint", "footprint.page.about", "energy"],
  ["/assets", "assets.about", "explorer"],
  ["/decide", "simulate.about", "rewind-and-fork"],
  ["/decide/optimise", "simulate.optimise.about", "optimise"],
  ["/decide/experiments", "simulate.experiments.about", "simulate"],
  ["/decide/models", "simulate.models.about", "models"],
  ["/decide/event-log", "simulate.eventLog.about", "simulate"],
  ["/decide/model-file", "simulate.modelFile.about", "simulate"],
  ["/changes", "changes.about", "merge-and-plan"],
  ["/connect", "connect.about", "connectors"],
  ["/connect/states", "connect.states.about", "engineering-file"],
  ["/connect/commands", "commands.about", "commands"],
  ["/connect/entries", "entries.about", "connectors"],
  ["/settings", "view.settingsAbout", "operations"],
  ["/settings/you", "settings.part.youAbout", "accounts"],
  ["/settings/plant", "settings.part.plantAbout", "shifts"],
  ["/settings/people", "settings.part.peopleAbout", "accounts"],
  ["/settings/access", "settings.part.accessAbout", "accounts"],
  ["/settings/machines", "settings.part.machinesAbout", "accounts"],
  ["/settings/identities", "settings.part.identitiesAbout", "credentials"],
  ["/settings/records", "settings.part.recordsAbout", "privacy"],
  ["/settings/worlds", "settings.part.worldsAbout", "worlds"],
  ["/settings/server", "settings.part.serverAbout", "operations"],
  ["/board?audit", "audit.about", "audit"],
];

test.each(["en", "zh"] as const)("[V14] ? says what each view is for and leads to its guide, which is served (%s)", async (language) => {
  const words = wordsOf(language);
  const page = await views.open("/world", { width: 1440, language });
  await page.locator(".dw-nav-item").first().waitFor();
  const served = new Set<string>();
  for (const [address, about, guide] of VIEWS) {
    await page.evaluate(`history.pushState(null, "", ${JSON.stringify(address)}); dispatchEvent(new PopStateEvent("popstate"))`);
    await page.keyboard.press("?");
    const dialog = page.getByRole("dialog");
    expect(words[about], about).toBeDefined();
    await dialog.getByText(words[about]!, { exact: true }).waitFor();
    const links = await dialog
      .getByRole("link")
      .evaluateAll((all) => all.map((link) => (link as unknown as { readonly href: string }).href));
    expect(
      links.map((link) => new URL(link).pathname),
      address,
    ).toEqual([`/guide/${guide}`, "/guide/errors", "/guide"]);
    for (const link of links) served.add(link);
    expect(await dialog.locator(".dw-key-line").count(), address).toBeGreaterThan(10);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
  }
  await page.keyboard.press("?");
  await page.getByRole("dialog").waitFor();
  for (const link of served) expect((await fetch(link)).headers.get("content-type"), link).toContain("text/html");
  expect(await views.findings()).toEqual([]);
});

test("[V14] on a phone it is behind the dots, and lies within the screen", async () => {
  const page = await views.open("/assets", { width: 390 });
  await page.locator(".dw-nav-item.dw-narrow").click();
  await page.getByRole("menuitem", { name: "Keys and help" }).click();
  await page.getByRole("dialog").getByText("Every asset of the plant with its nameplate").waitFor();
  expect((await views.layout(".dw-about")).beyond).toBe(0);
});

test("[V14] every view that the product and its packs declare is in this list, and its guide is there", () => {
  const declared = globSync("{features/*,packages/studio/src}/**/views.ts", { cwd: root })
    .map((file) => readFileSync(join(root, file), "utf8"))
    .flatMap((text) => [...text.matchAll(/about: "(?<about>[^"]+)",\s+guide: "(?<guide>[^"]+)"/g)])
    .map(({ groups }) => `${groups!["about"]} ${groups!["guide"]}`);
  // opened from a run, which this world does not have
  const expected = [...VIEWS.map(([, about, guide]) => `${about} ${guide}`), "simulate.watch.about rewind-and-fork"];
  expect(declared.toSorted()).toEqual(expected.toSorted());
  const ofPacks = globSync("packs/*/package.json", { cwd: root })
    .map((file) => readFileSync(join(root, file), "utf8"))
    .flatMap((text) =>
      [...text.matchAll(/"at": "shell\.page@1"[^}]*/g)].map(([page]) => /"guide": "(?<guide>[^"]+)"/.exec(page)?.groups?.["guide"]),
    );
  expect(ofPacks).toEqual(["dye-house"]);
  for (const guide of [...declared.map((each) => each.split(" ")[1]), ...ofPacks])
    expect(existsSync(join(root, `docs/guide/${guide}.md`)), guide).toBe(true);
});

function wordsOf(language: Language): Readonly<Record<string, string>> {
  const files = globSync(`{features/*,packages/{ui,studio}}/words/${language}.json`, { cwd: root });
  return Object.assign({}, ...files.map((file) => JSON.parse(readFileSync(join(root, file), "utf8")) as object));
}
