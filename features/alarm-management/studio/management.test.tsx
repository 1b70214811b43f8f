import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage, type Page } from "../../../packages/studio/src/app/page.fixture.tsx";
import ManagementPage from "./management-page.tsx";
import ProcedureBlock from "./procedure-block.tsx";
import { DECIDED, NOW, oil, performance, philosophy, water } from "./recorded.fixture.ts";
import { views } from "./views.ts";

afterEach(closePages);

const answers = {
  "GET /alarm-database": [oil, water],
  "GET /alarm-philosophy": philosophy,
  "GET /alarm-performance": performance,
  "GET /places": { places: [], counts: {}, findings: [] },
};
const open = (detail = "", more: object = {}): Promise<Page> =>
  openPage(<ManagementPage />, {
    views,
    address: `/alarm-management${detail === "" ? "" : `/${encodeURIComponent(detail)}`}`,
    now: NOW,
    answers: { ...answers, ...more },
  });

test("[AR13] each figure stands with its verdict, what is recommended, its counts and clause, and leads to its alarms at their time", async () => {
  const page = await open();
  const peak = (await screen.findAllByText("Most alarms in any 10 minutes"))[0]!.closest("li")!;
  expect(peak.textContent).toContain("beyond · recommended at most 10");
  expect(peak.textContent).toContain("ISA-18.2, 16.5.3");
  const rate = screen.getAllByText("Alarms in 10 minutes, mean")[0]!.closest("li")!;
  expect(rate.textContent).toContain("60 alarms in 1008 periods of 10 minutes");
  fireEvent.click(within(peak).getByRole("link"));
  expect(page.studio.address.store.get()).toMatchObject({ view: "alarms", detail: "journal/w=1h" });
  expect(page.studio.address.store.get().at).toBeGreaterThan(performance.peak.at!);
});

test("[AR13] spans and operator positions travel in the link; days are those of the plant", async () => {
  const asked: (string | null)[] = [];
  const page = await open("performance/1d/press", {
    "GET /alarm-performance": ({ url }: { readonly url: URL }) => {
      asked.push(url.searchParams.get("position"));
      return performance;
    },
  });
  await screen.findAllByText("Most alarms in any 10 minutes");
  expect(asked.at(-1)).toBe("press");
  fireEvent.click(screen.getByRole("radio", { name: "30 days" }));
  await waitFor(() => expect(page.studio.address.store.get().detail).toBe("performance/30d/press"));
});

test("[AR13] while the past is read no figure is shown", async () => {
  await open("", { "GET /alarm-performance": { ...performance, reading: 0.42 } });
  await screen.findByText(/42 %/);
  expect(screen.queryByText("Most alarms in any 10 minutes")).toBeNull();
});

test("[AR13] [AR4] the database shows the state of each alarm and every value that its rule runs with instead, and is narrowed by state", async () => {
  const page = await open("database");
  const row = (await screen.findByRole("button", { name: "Oil pressure too high" })).closest("tr")!;
  expect(row.textContent).toContain("Changed since");
  expect(row.textContent).toContain("2 values differ");
  expect(row.textContent).toContain("runs with 3");
  fireEvent.change(screen.getByLabelText("State"), { target: { value: "notRationalised" } });
  await waitFor(() => expect(screen.queryByText("Oil pressure too high")).toBeNull());
  expect(page.studio.address.store.get().detail).toBe("database/notRationalised");
});

test("[AR2] [AR13] the form has what was decided; the matrix gives the priority, and another one needs its basis before it is stored", async () => {
  await open(`database/${water.id}`);
  const dialog = await screen.findByRole("dialog");
  const field = (name: string) => within(dialog).getByLabelText(name);
  await within(dialog).findByLabelText("Severity of the consequence");
  expect((field("Response of the operator (English)") as HTMLTextAreaElement).value).toBe("Check the filter");
  fireEvent.change(field("Severity of the consequence"), { target: { value: "minor" } });
  expect((field("Priority") as HTMLSelectElement).value).toBe("3");
  const send = within(dialog).getByRole("button", { name: "Propose" });
  expect(send).toHaveProperty("disabled", false);
  fireEvent.change(field("Priority"), { target: { value: "1" } });
  expect(within(dialog).getByText("The matrix gives 3: write why it is another one")).toBeDefined();
  expect(send).toHaveProperty("disabled", true);
  fireEvent.change(field(/^Basis of the priority/ as never), { target: { value: "burst last year" } });
  expect(send).toHaveProperty("disabled", false);
});

test("[AR12] the procedure says what to do first, then how long is left, why, and the setpoint with its basis", async () => {
  const alarm = { rule: oil.id, raised: NOW - 120e6, isWaiting: true };
  await openPage(<ProcedureBlock alarm={alarm} />, {
    views,
    address: "/alarms",
    now: NOW,
    answers: { [`GET /alarm-database/${oil.id}`]: oil },
  });
  await screen.findByText(DECIDED.response.en);
  expect(screen.getByText(/8 min left to respond/)).toBeDefined();
  expect(screen.getByText(DECIDED.cause.en)).toBeDefined();
  expect(screen.getByText(/data sheet of the seal/).textContent).toContain("50");
});

test("[AR12] of an alarm that nobody approved the procedure is that of its rule, and says so", async () => {
  const alarm = { rule: water.id, raised: NOW, isWaiting: false };
  await openPage(<ProcedureBlock alarm={alarm} />, {
    views,
    address: "/alarms",
    now: NOW,
    answers: { [`GET /alarm-database/${water.id}`]: water },
  });
  await screen.findByText("Check the filter");
  expect(screen.getByText("As its rule says: nothing is approved for it yet.")).toBeDefined();
});

test("[AR6] [AR13] the matrix is edited cell by cell; a column more is one for each severity", async () => {
  await open("philosophy");
  await screen.findByRole("table", { name: "Priority by severity and time to respond" });
  expect(screen.getAllByLabelText(/^Priority for /)).toHaveLength(12);
  fireEvent.click(screen.getByRole("button", { name: "Add a time" }));
  expect(screen.getAllByLabelText(/^Priority for /)).toHaveLength(15);
  expect(screen.getByRole("button", { name: "Propose" })).toHaveProperty("disabled", false);
});
