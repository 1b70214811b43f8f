import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { Inspector } from "../../../../packages/studio/src/inspector/inspector.tsx";
import { closePages, openPage } from "../../../../packages/studio/src/app/page.fixture.tsx";
import type { Page } from "../../../../packages/studio/src/app/page.fixture.tsx";
import { RECORDED_AT, branches, kpis, line, snapshot, world } from "./recorded.fixture.ts";
import { views } from "./views-of-product.ts";

afterEach(closePages);

const open = (address: string, language: "en" | "zh" = "en"): Promise<Page> =>
  openPage(<Inspector />, {
    views,
    address,
    language,
    now: RECORDED_AT,
    answers: {
      "GET /world": world,
      "GET /branches": branches,
      "GET /line": line,
      "GET /snapshot": snapshot,
      "GET /kpis": kpis,
      "GET /alarm-transitions": { alarms: [] },
    },
  });

test("[ui V1] the inspector names the subject of the address, and without one the line", async () => {
  await open("/board?subject=S120");
  expect((await screen.findByRole("heading", { level: 2 })).textContent).toContain("S120 Packing");
  closePages();
  await open("/board");
  await waitFor(() => expect(screen.getByRole("heading", { level: 2 }).textContent).toBe("Line 3 final assembly"));
});

test("[ui V1] its tabs are chosen by keyboard, stand in the address, and show their content", async () => {
  const user = userEvent.setup();
  const page = await open("/board?subject=S120");
  const tab = await screen.findByRole("tab", { name: "Alarms" });
  expect(screen.getByRole("tab", { selected: true }).textContent).toBe("Now");
  tab.focus();
  await user.keyboard("{Enter}");
  expect(page.studio.address.store.get().tab).toBe("alarms");
  expect(screen.getByRole("tab", { selected: true })).toBe(tab);
  await screen.findByRole("button", { name: "S120 has failed" });
});

test("[ui V1] a tab that fails is named within the inspector, its head and the other tabs stay", async () => {
  const user = userEvent.setup();
  const page = await open("/board?subject=S120&tab=trend");
  await screen.findByRole("heading", { level: 2 });
  page.answers["GET /alarm-transitions"] = { status: 503, body: { error: { code: "DW_UNAVAILABLE", message: "no history" } } };
  await user.click(screen.getByRole("tab", { name: "Alarms" }));
  await screen.findByRole("button", { name: "S120 has failed" });
  expect(screen.getAllByRole("tab").length).toBeGreaterThan(3);
});

test("[ui V1] closed by its button it is gone, and the address says so", async () => {
  const page = await open("/board?subject=S120");
  await userEvent.click(await screen.findByRole("button", { name: /^Hide the inspector/ }));
  expect(screen.queryByRole("complementary")).toBeNull();
  expect(page.studio.address.store.get().inspector).toBe(false);
});

test("[U19] in Chinese the station and its tabs have Chinese names", async () => {
  await open("/board?subject=S120", "zh");
  expect((await screen.findByRole("heading", { level: 2 })).textContent).toMatch(/S120 [\u4e00-\u9fff]/);
  for (const tab of screen.getAllByRole("tab")) expect(tab.textContent).toMatch(/[\u4e00-\u9fff]/);
});

test("[ui V1] axe finds nothing serious on the inspector of a station", async () => {
  const page = await open("/board?subject=S120");
  await screen.findByRole("tabpanel");
  expect(await page.accessibilityFindings()).toEqual([]);
});

test("[AH7] Links lists the documents and the signals of the asset, each with its connection and address there", async () => {
  const page = await open("/board?subject=S120&tab=links");
  const shell = "urn:doppelwerk:demo-plant:shell:S120";
  const submodels = ["Nameplate", "HandoverDocumentation"].map((idShort) => ({ idShort, id: `urn:sm:${idShort}`, url: "" }));
  const card = { aasId: shell, idShort: "S120", name: { en: "S120", zh: "S120" }, nameplate: [], properties: [], submodels };
  Object.assign(page.answers, {
    [`GET /shells/${Buffer.from(shell).toString("base64url")}/card`]: card,
    "GET /connections": [{ id: "connection:plc", name: "PLC of line 3" }],
    "GET /connections/connection:plc/signals": {
      total: 1,
      signals: [{ id: "signal:state", name: "State", address: "ns=2;s=S120.State", valueType: "integer" }],
    },
  });
  const ofStation = { valueType: "double", shell };
  page.studio.signals.describe([
    { id: "signal:state", name: "S120 State", ...ofStation },
    { id: "signal:hours", name: "S120 Hours", ...ofStation },
    { id: "signal:other", name: "S090 State", valueType: "double", shell: "urn:other" },
  ]);
  page.studio.address.go({ tab: "now" });
  await screen.findByRole("tab", { name: "Now", selected: true });
  await userEvent.click(screen.getByRole("tab", { name: "Links" }));
  await screen.findByText("2 signals and where they come from");
  await screen.findByText("ns=2;s=S120.State");
  expect(screen.queryByText("S090 State")).toBeNull();
  expect((await screen.findByText(/S120 hours/i)).closest("li")!.textContent).toContain("derived or entered, no connection");
  expect(await screen.findByRole("link", { name: "Handover documentation" })).toBeTruthy();
  expect(screen.queryByRole("link", { name: "Nameplate" })).toBeNull();
  expect(await page.accessibilityFindings()).toEqual([]);
  await userEvent.click(screen.getByRole("link", { name: "PLC of line 3" }));
  expect(page.studio.address.store.get()).toMatchObject({ view: "connect", detail: "connection:plc" });
});
