import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { sizeText } from "@doppelwerk/ui";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../app/page.fixture.tsx";
import Settings from "../settings/settings.tsx";
import ServerCard from "../settings/server-card.tsx";

afterEach(closePages);

const AT = 1_800_000_000_000_000;
const series = (...points: readonly number[]) => ({ now: points.at(-1), points });
const state = {
  at: AT,
  startedAt: AT - 3 * 3_600_000_000,
  version: "0.1.0",
  node: "v26.10.0",
  platform: "linux 6.1 x64",
  attention: [
    { level: "error", message: { code: "server.attentionDropped", params: { count: 150 } } },
    { level: "warning", message: { code: "server.attentionExpires", params: { name: "HTTPS", days: 12 } } },
  ],
  rates: {
    samplesPerSecond: series(1_200, 1_250),
    droppedPerSecond: series(0, 15),
    requestsPerSecond: series(3, 4),
    cores: series(0.2, 0.31),
    heapBytes: series(1e8, 1.17e8),
  },
  latencies: {
    requests: { count: 80, p50Ms: 2.1, p95Ms: 18, failed: 0 },
    eventLoopP99Ms: 4.2,
    samplesP95Ms: 24,
    frames: [{ view: "board", count: 61, p50Ms: 31.4, p95Ms: 58 }],
  },
  queues: [{ name: "intake", waiting: 12, dropped: 150 }],
  store: {
    freeBytes: 2.5e11,
    parts: [
      { name: "history", bytes: 3.21e9, files: 412 },
      { name: "accounts.json", bytes: 812, files: 1 },
    ],
  },
  worlds: [{ name: "default", state: "open" }],
  connections: [{ name: "Press", protocol: "opcua", state: "reconnecting", samplesPerSecond: 0 }],
  certificates: [
    { of: "https", name: "HTTPS", until: AT + 12 * 86_400_000_000 },
    { of: "plant", name: "Press PLC", until: AT + 200 * 86_400_000_000 },
  ],
  signIns: { open: 3, failedLastHour: 1, failedLastDay: 7 },
  log: [{ at: AT, level: "warn", text: "Press: no route to host" }],
};

test("[U222] the state says where the security log goes, and since when it is not taken", async () => {
  const texts = async (forwarding?: object, language: "en" | "zh" = "en"): Promise<string> => {
    const answers = {
      "GET /session": { accounts: true, person: { id: "p", name: "Mara", roles: ["administrator"] } },
      "GET /server": { ...state, forwarding },
    };
    await openPage(<Settings />, { address: "/settings/state", answers, language });
    const text = (await screen.findByText(language === "en" ? "Security log to" : "安全日志发送至")).nextElementSibling!.textContent!;
    closePages();
    return text;
  };
  expect(await texts()).toBe("nowhere");
  const forwarding = { address: "tls://siem:6514", sent: 412, waiting: 3 };
  expect(await texts(forwarding)).toBe("tls://siem:6514 · 412 sent, 3 waiting");
  const failing = { since: AT - 60_000_000, reason: "ECONNREFUSED" };
  expect(await texts({ ...forwarding, failing })).toMatch(/^tls:\/\/siem:6514 · not taken since .+, 3 waiting$/);
  expect(await texts({ ...forwarding, failing }, "zh")).toMatch(/起未接收，3 条待发送$/);
});

test("[U223] the state says what the malware scanner did, and since when it gives no answer", async () => {
  const texts = async (scanner?: object): Promise<string> => {
    const answers = {
      "GET /session": { accounts: true, person: { id: "p", name: "Mara", roles: ["administrator"] } },
      "GET /server": { ...state, scanner },
    };
    await openPage(<Settings />, { address: "/settings/state", answers });
    const text = (await screen.findByText("Malware scanner")).nextElementSibling!.textContent!;
    closePages();
    return text;
  };
  expect(await texts()).toBe("none");
  const scanner = { address: "clamd://scanner:3310", scanned: 41, found: 2, unscanned: 0 };
  expect(await texts(scanner)).toBe("41 files judged, 2 refused, 0 stored without");
  const failing = { since: AT - 60_000_000, reason: "ECONNREFUSED" };
  expect(await texts({ ...scanner, failing, unscanned: 3 })).toMatch(/^no answer since .+, 3 files stored without$/);
});

test("[U195] [U217] an administrator opens the state of the server from its card, and reads first what needs attention", async () => {
  const answers = { "GET /session": { accounts: true, person: { id: "p", name: "Mara", roles: ["administrator"] } }, "GET /server": state };
  const card = await openPage(<ServerCard />, { address: "/settings", answers });
  await userEvent.setup().click(await screen.findByRole("button", { name: "State of the server" }));
  expect(card.studio.address.store.get()).toMatchObject({ view: "settings", detail: "state" });
  closePages();
  const page = await openPage(<Settings />, { address: "/settings/state", answers });
  await screen.findByText("150 samples were lost in the last hour: more came than could be taken");
  screen.getByText("the certificate for HTTPS expires in 12 days");
  screen.getByText("50 % within 2.1 ms, 95 % within 18 ms");
  screen.getByRole("row", { name: /HTTPS Wed 27 Jan, 08:00 12/ });
  screen.getByRole("row", { name: /Plant Press PLC, trusted .* 200/ });
  screen.getByText("1 in the last hour, 7 in 24 hours");
  screen.getByText("Press: no route to host");
  expect(document.body.textContent).toContain("3.21\u202fGB used, 250\u202fGB free");
  expect(screen.getByRole<HTMLAnchorElement>("link", { name: "Diagnostics" }).getAttribute("href")).toBe(
    "/api/doppelwerk/v1/server/diagnostics",
  );
  expect(await page.accessibilityFindings()).toEqual([]);
});

test("[U195] a healthy server says so; who does not administer gets no way there, and a clear answer at the address", async () => {
  const quiet = { ...state, attention: [], log: [], signIns: undefined };
  await openPage(<Settings />, { address: "/settings/state", answers: { "GET /server": quiet } });
  await screen.findByText("Nothing needs attention");
  screen.getByText("No warnings and no errors since the start");
  expect(screen.queryByText("Failed sign-ins")).toBeNull();
  closePages();
  const refused = { status: 403, body: { error: { code: "DW_FORBIDDEN", message: "administrators may" } } };
  const answers = { "GET /session": { accounts: true, person: { id: "p", name: "Ben", roles: ["viewer"] } }, "GET /server": refused };
  await openPage(<ServerCard />, { address: "/settings", answers });
  expect(screen.queryByRole("button", { name: "State of the server" })).toBeNull();
  closePages();
  await openPage(<Settings />, { address: "/settings/state", answers });
  await screen.findByText("administrators may");
});

test("[U195] it says when the last backup was made, and whether there is a newer release, or that none is looked for", async () => {
  const address = "https://releases.example/list.json";
  const shown = async (more: object): Promise<void> => {
    closePages();
    await openPage(<Settings />, { address: "/settings/state", answers: { "GET /server": { ...state, ...more } } });
    await screen.findByText("Updates");
  };
  await shown({ backup: {} });
  screen.getByText("none noted");
  screen.getByText("not looked for");
  await shown({ backup: { at: AT }, releases: { address } });
  screen.getByText("not known yet");
  expect(screen.queryByText("none noted")).toBeNull();
  await shown({ releases: { address, at: AT } });
  screen.getByText(/^none newer, looked /);
  await shown({ releases: { address, at: AT, newer: { version: "0.2.0", published: "2027-01-10", isSecurity: true } } });
  screen.getByText("0.2.0 of 2027-01-10");
});

test("[U204] it shows how old values are when they are drawn, by view, and where traces go or since when they are not taken", async () => {
  const telemetry = { address: "http://collector:4318/", exported: 1_204 };
  const queues = [{ name: "telemetry", waiting: 3, dropped: 0 }];
  await openPage(<Settings />, { address: "/settings/state", answers: { "GET /server": { ...state, telemetry, queues } } });
  const table = await screen.findByRole("table", { name: "From value to frame" });
  expect(within(table).getByRole("row", { name: /board/i }).textContent).toMatch(/31\u202fms58\u202fms61$/);
  screen.getByText("1,204 spans sent to http://collector:4318/");
  screen.getByText("Traces, to their receiver");
  closePages();
  const failing = { ...telemetry, failing: { since: AT - 60_000_000, reason: "connect ECONNREFUSED" } };
  await openPage(<Settings />, { address: "/settings/state", answers: { "GET /server": { ...state, telemetry: failing } } });
  await screen.findByText(/^not taken by http:\/\/collector:4318\/ since /);
  closePages();
  const quiet = { ...state, latencies: { ...state.latencies, frames: [] } };
  await openPage(<Settings />, { address: "/settings/state", answers: { "GET /server": quiet } });
  await screen.findByText("Latencies and queues");
  expect(screen.queryByRole("table", { name: "From value to frame" })).toBeNull();
  expect(screen.queryByText("Traces")).toBeNull();
});

test("[U203] when others last proved the transparency log, and of how many entries, is among the facts; what never was says so", async () => {
  const proof = [{ kind: "cosigned", at: AT, entries: 1_204 }, { kind: "stamped" }];
  await openPage(<Settings />, { address: "/settings/state", answers: { "GET /server": { ...state, proof } } });
  const facts = (await screen.findByText("Log cosigned")).closest("dl")!;
  expect(facts.textContent).toMatch(/Log cosigned.*, 1,204 entries.*Log stampednever yet/);
  expect(facts.textContent).not.toContain("Log anchored");
});

test("[U195] sizes have three digits and the unit of SI", () => {
  expect([0, 812, 1_230, 45_600_000, 3.21e9, 7.5e15].map(sizeText)).toEqual([
    "0\u202fB",
    "812\u202fB",
    "1.23\u202fkB",
    "45.6\u202fMB",
    "3.21\u202fGB",
    "7500\u202fTB",
  ]);
});
