import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../app/page.fixture.tsx";
import ControlsCard from "./controls-card.tsx";

afterEach(closePages);

const control = (id: string, state: string) => ({
  id,
  statement: `about ${id}`,
  state,
  ...(state !== "met" && { reason: `because of ${id}` }),
  ...(id === "CR 1.5" && { tests: ["SV1"], documents: ["docs/guide/accounts.md", "SECURITY.md"] }),
});
const lists = [
  {
    id: "iec-62443-4-2",
    title: "IEC 62443-4-2:2019, SL-C 2",
    about: "Some",
    controls: [
      control("CR 1.1", "met"),
      control("CR 1.2", "met"),
      control("CR 1.5", "partly"),
      control("CR 1.12", "gap"),
      control("CR 2.2", "notApplicable"),
    ],
    proofs: { SV1: [{ title: "[SV1, U2] a key is not shown", file: "a.test.ts" }] },
  },
  { id: "owasp-asvs-4", title: "OWASP ASVS 4.0.3, L2", about: "All", controls: [control("V2.1.1", "met")], proofs: {} },
];
const answers = { "GET /controls": lists };

test("[U189] an administrator sees how many requirements of each list are met, partly, gaps or not applicable", async () => {
  const { accessibilityFindings } = await openPage(<ControlsCard />, { answers });
  const cellsOf = (name: RegExp) =>
    within(screen.getByRole("row", { name }))
      .getAllByRole("cell")
      .map((cell) => cell.textContent);
  await screen.findByRole("row", { name: /IEC/ });
  expect(cellsOf(/IEC/)).toEqual(["IEC 62443-4-2:2019, SL-C 2", "2", "1", "1", "1"]);
  expect(cellsOf(/ASVS/)).toEqual(["OWASP ASVS 4.0.3, L2", "1", "0", "0", "0"]);
  expect(await accessibilityFindings()).toEqual([]);
});

test("[U221] each requirement has its state, reason and proof, by list and state; a guide is a link, a test says what it shows", async () => {
  const { accessibilityFindings } = await openPage(<ControlsCard />, { answers });
  const rows = () =>
    within(screen.getByRole("table", { name: /^(IEC|OWASP)/ }))
      .getAllByRole("row")
      .slice(1);
  await screen.findByRole("table", { name: /^IEC/ });
  expect(rows().map((row) => within(row).getAllByRole("cell")[0]!.textContent)).toEqual(["CR 1.5", "CR 1.12"]);
  const partly = within(rows()[0]!);
  partly.getByText("because of CR 1.5");
  partly.getByText("1 test, 2 documents");
  expect(partly.getByText(/a key is not shown/).textContent).toBe("SV1 a key is not shown a.test.ts");
  expect(partly.getByRole("link").getAttribute("href")).toBe("/guide/accounts");
  partly.getByText("SECURITY.md");
  fireEvent.change(screen.getByLabelText("State"), { target: { value: "notApplicable" } });
  expect(rows().map((row) => row.textContent)).toEqual(["CR 2.2about CR 2.2because of CR 2.2Not applicable"]);
  fireEvent.change(screen.getByLabelText("List"), { target: { value: "owasp-asvs-4" } });
  screen.getByText("There is none in this state.");
  fireEvent.change(screen.getByLabelText("State"), { target: { value: "all" } });
  expect(rows()).toHaveLength(1);
  expect(await accessibilityFindings()).toEqual([]);
});

test("[U190] report and bill of materials are files; where there is none the reason is told, and who may not see the lists sees no card", async () => {
  const missing = { code: "DW_NOT_FOUND", message: "no", reason: { code: "server.noBillOfMaterials", params: {} } };
  const { asked } = await openPage(<ControlsCard />, {
    answers: {
      ...answers,
      "GET /controls/report": () => new Response("<!doctype html>"),
      "GET /bill-of-materials": () => Response.json({ error: missing }, { status: 404 }),
    },
    language: "zh",
  });
  fireEvent.click(await screen.findByRole("button", { name: "可打印的报告" }));
  await waitFor(() => expect(asked.at(-1)?.route).toBe("GET /controls/report"));
  fireEvent.click(screen.getByRole("button", { name: "物料清单" }));
  await waitFor(() => expect(asked.at(-1)?.route).toBe("GET /bill-of-materials"));
  closePages();
  const refused = {
    status: 403,
    body: { error: { code: "DW_FORBIDDEN", message: "no", reason: { code: "messages.verbatim", params: { text: "no" } } } },
  };
  await openPage(<ControlsCard />, { answers: { "GET /controls": () => Response.json(refused.body, { status: refused.status }) } });
  await waitFor(() => expect(screen.queryByText("Security requirements")).toBeNull());
  expect(screen.queryByRole("table")).toBeNull();
});
