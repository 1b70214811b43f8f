import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually, startBrowser, startSite } from "./running-site.ts";
import type { RunningSite } from "./running-site.ts";

// A search over the running line from a person's choice to a merge request, and a schedule under a person's hands, in a real browser against a real plant.
let site: RunningSite;
let browser: Browser;
let page: Page;
const troubles: string[] = [];
const SHOP = "3 3\n0 3 1 2 2 2\n0 2 2 1 1 4\n1 4 2 3 0 1\n";

beforeAll(async () => {
  [site, browser] = await Promise.all([startSite({ minimal: true }), startBrowser()]);
  const client = site.client("Ada");
  await eventually(async () => ((await client.snapshot()).reading === undefined ? true : undefined), "the history is read");
  page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.on("pageerror", (error) => troubles.push(error.message));
  await page.addInitScript(() =>
    localStorage.setItem("doppelwerk.preferences", JSON.stringify({ name: "Ada", theme: "light", language: "en" })),
  );
});
afterAll(async () => {
  await browser?.close();
  await site?.stop();
});

test("[U90] buffers of the running line: chosen, searched, put on a branch, judged on fresh seeds, proposed for somebody else to approve", async () => {
  await page.goto(`${site.url}/decide/optimise`);
  await page.getByRole("checkbox", { name: "Buffers", exact: true }).check();
  await page.getByText("Redistribute only").waitFor();
  await page.getByRole("button", { name: "Fork and optimise" }).click();
  await page.getByRole("progressbar").or(page.getByText("Winner tested with new seeds, compared with live")).first().waitFor();
  const ada = site.client("Ada");
  const branch = await eventually(async () => (await ada.branches()).find(({ name }) => name.startsWith("Optimised")), "the fork");
  const done = await eventually(
    async () => (await ada.optimisations(branch.id)).find(({ state }) => state === "done"),
    "the search is done",
  );
  const answer = await ada.optimisation(done.id);
  expect(answer.message).toBeUndefined();
  expect(answer.points.length).toBe(1);
  const sum = (values: Readonly<Record<string, number>>): number => Object.values(values).reduce((a, b) => a + b, 0);
  expect(sum(answer.points[0]!.values)).toBe(sum(answer.present!.values));
  if (answer.run === undefined) {
    // nothing better within so small a budget is an answer too, and the screen says so
    await page.getByText("No better solution was found").waitFor();
    const factor = (await ada.factors(branch.id)).find(({ group }) => group === "buffer")!;
    expect(factor.value).toBe(factor.live);
  } else {
    await page.getByText("Winner tested with new seeds, compared with live").waitFor();
    expect((await ada.diff(branch.id)).length).toBeGreaterThan(0);
    await page
      .getByRole("button", { name: /^Propose/ })
      .first()
      .click();
    const form = page.locator("form.dw-form");
    await form.getByRole("textbox").first().waitFor();
    for (const field of await form.getByRole("textbox").all())
      if ((await field.inputValue()) === "") await field.fill("move buffer places");
    await form.getByRole("button", { name: "Propose" }).click();
    const request = await eventually(async () => (await ada.mergeRequests())[0], "the merge request");
    const detail = await ada.mergeRequest(request.id);
    expect(detail.author.name).toBe("Ada");
    expect(detail.results.map(({ run }) => run.id)).toEqual([answer.run]);
    const bob = site.client("Bob");
    await bob.approve(request.id);
    expect((await bob.mergeRequest(request.id)).status).toBe("approved");
  }
  // live has heard of none of it
  for (const { value, live } of await ada.factors("live")) expect(value).toBe(live);
});

test("[U91][U95] a job shop as a Gantt chart: dragged, moved by keys, locked, undone, tried out, searched to its proven optimum, and put on a branch", async () => {
  await page.goto(`${site.url}/decide/optimise:schedule`);
  await page
    .locator('input[type="file"][accept*=".fjs"]')
    .setInputFiles({ name: "shop.txt", mimeType: "text/plain", buffer: Buffer.from(SHOP) });
  await page.getByRole("heading", { name: "shop" }).waitFor();
  const figure = (): Promise<string> => page.locator(".dw-gantt-figures b").first().innerText();
  const places = (): Promise<string[]> =>
    page.locator(".dw-gantt-bar").evaluateAll((bars) => bars.map((bar) => bar.getAttribute("aria-label")!));
  const before = await places();
  expect(before).toHaveLength(9);
  // what comes first on a machine is dragged behind the next one there
  const startOf = (label: string): number => Number(/, (\d+) to/.exec(label)![1]);
  const onFirst = before
    .flatMap((label, op) => (label.includes("M0") ? [{ op, start: startOf(label) }] : []))
    .toSorted((a, b) => a.start - b.start);
  const op = onFirst[0]!.op;
  // where it stays: a busy machine still moves the page while the first bars are there
  const box = async (of: number) => {
    const look = async () => (await page.locator(`[data-op="${of}"] .dw-gantt-body`).boundingBox())!;
    for (let last = await look(); ;) {
      await page.waitForTimeout(200);
      const now = await look();
      if (now.x === last.x && now.y === last.y && now.width === last.width) return now;
      last = now;
    }
  };
  // waits until the chart has its place
  await page.locator(`[data-op="${op}"] .dw-gantt-body`).hover({ position: { x: 4, y: 8 } });
  const [bar, next] = [await box(op), await box(onFirst[1]!.op)];
  await page.mouse.move(bar.x + 4, bar.y + 8);
  await page.mouse.down();
  await page.mouse.move(next.x + next.width / 2 + 12, bar.y + 8, { steps: 5 });
  await page.locator(".dw-gantt-ghost").waitFor();
  await page.mouse.up();
  const dragged = await eventually(async () => {
    const now = await places();
    return now.join() === before.join() ? undefined : now;
  }, "the dragged bar's new place");
  expect(startOf(dragged[op]!)).toBeGreaterThan(startOf(before[op]!));
  await page.getByRole("button", { name: "Undo" }).click();
  await expect.poll(places).toEqual(before);
  // by keys: lock, refused while locked, unlocked, moved later, undone
  await page.locator(`[data-op="${op}"]`).focus();
  await page.keyboard.press("l");
  await page.locator(`[data-op="${op}"].is-locked`).waitFor();
  await page.keyboard.press("Shift+ArrowRight");
  await page.getByText("It is locked").first().waitFor();
  await page.keyboard.press("l");
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  await expect.poll(places).toEqual(before);
  await page.getByRole("button", { name: "Start the search" }).click();
  await page.getByText(/^Done/).waitFor();
  await page.getByText("proven optimal").waitFor();
  // known optimum of this little shop
  await expect.poll(figure).toBe("11");
  // whoever comes back finds the search, what it was asked for, and its answer
  await page.reload();
  await page.getByRole("heading", { name: "shop" }).waitFor();
  await page.getByText("proven optimal").waitFor();
  await expect.poll(figure).toBe("11");
  await page.getByRole("button", { name: "Simulate" }).click();
  await page.getByText(/one replication \d+ to \d+ \(90 %\)/).waitFor();
  await page.getByText("By order").click();
  await page.getByRole("button", { name: "Store on a branch" }).click();
  const ada = site.client("Ada");
  const branch = await eventually(
    async () => (await ada.branches()).find(({ name }) => name === "Schedule: shop"),
    "the branch of the schedule",
  );
  await eventually(
    async () => (await ada.diff(branch.id)).some(({ after }) => after?.["idShort"] === "ProductionOrders"),
    "the orders on the branch",
  );
  const read = await ada.lineSchedule(branch.id);
  expect(read.source).toBe("documents");
  expect(troubles).toEqual([]);
});

test("[U94] the work of the line in elements: searched to its proven least, moved by hand, refused where an order breaks, put on a branch with the cycles that follow", async () => {
  await page.goto(`${site.url}/decide/optimise:balance`);
  await page.getByRole("group", { name: "Work of the stations" }).waitFor();
  const longest = async (): Promise<number> => parseFloat(await page.locator(".dw-gantt-figures b").first().innerText());
  const today = await longest();
  // foam frames need the label
  await page.getByLabel("Station of Print and apply label").selectOption({ label: "S120" });
  await page.getByLabel("Station of Foam frames").selectOption({ label: "S110" });
  await page.getByText("Foam frames would be done before Print and apply label, which it requires.").waitFor();
  expect(await page.getByRole("button", { name: "Store on a branch" }).isDisabled()).toBe(true);
  await page.getByRole("button", { name: "Back to today" }).click();
  await page.getByText("Same as today.").waitFor();
  await page.getByRole("button", { name: "Start the search" }).click();
  await page.getByText("proven optimal").waitFor();
  expect(await longest()).toBeLessThanOrEqual(today);
  // by hand, whatever the search has found
  await page.getByLabel("Station of Bag with manual and bolts").selectOption({ label: "S110" });
  await page.getByText("Bag with manual and bolts: S120 → S110").waitFor();
  await page.getByRole("button", { name: "Store on a branch" }).click();
  const ada = site.client("Ada");
  const branch = await eventually(
    async () => (await ada.branches()).find(({ name }) => name === "Line Balance"),
    "the branch of the balance",
  );
  const values = await eventually(async () => {
    const changed = (await ada.diff(branch.id)).map(({ after }) => after?.["idShort"]);
    return changed.length > 0 ? changed : undefined;
  }, "what the branch changes");
  expect(new Set(values)).toEqual(new Set(["Station", "IdealCycleTime"]));
  await page.getByRole("button", { name: "Run the branch" }).waitFor();
  const { work } = await ada.lineWork("live");
  expect((work as { elements: { id: string; station: number }[] }).elements.find(({ id }) => id === "bag")!.station).toBe(2);
  expect(troubles).toEqual([]);
});
