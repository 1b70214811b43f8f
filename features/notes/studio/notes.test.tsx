import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { z } from "@doppelwerk/kit";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../../../packages/studio/src/app/page.fixture.tsx";
import type { Page, Recorded } from "../../../packages/studio/src/app/page.fixture.tsx";
import { Note } from "../contract.ts";
import spansOfNotes from "./note-spans.ts";
import NotesOfTrend from "./notes-of-trend.tsx";
import lane, { noteMarks } from "./rail-lane.ts";
import { views } from "./views.ts";

afterEach(closePages);

const T = Date.UTC(2026, 10, 24, 9) * 1000;
const SPAN = { from: T, to: T + 3_600e6, signals: ["signal:p"] };
const note: Note = {
  id: "spanNote:1",
  from: T,
  to: T + 600e6,
  text: "Compressor 2 was being serviced.",
  subjects: ["signal:p"],
  author: "Eva",
  written: T + 700e6,
  isMine: true,
};
const open = (answers: Record<string, Recorded> = {}, language: "en" | "zh" = "en"): Promise<Page> =>
  openPage(<NotesOfTrend {...SPAN} />, { views, address: "/trends", language, now: T, answers: { "GET /notes": [note], ...answers } });

test("[NO5] notes stand with who wrote them and on what; those of others have no buttons", async () => {
  expect(z.array(Note).parse([note])).toEqual([note]);
  await open({ "GET /notes": [note, { ...note, id: "spanNote:2", text: "seen", subjects: [], author: "Otto", isMine: false }] });
  const [own, other] = await screen.findAllByRole("listitem");
  expect(own!.textContent).toContain("Eva");
  within(own!).getByRole("button", { name: `Change the note: ${note.text}` });
  expect(other!.textContent).toContain("the whole plant");
  expect(within(other!).queryAllByRole("button")).toEqual([]);
});

test("[NO5] a note is written on the stretch shown, by keyboard alone", async () => {
  const user = userEvent.setup();
  const page = await open({ "POST /notes": note });
  (await screen.findByRole("button", { name: "Add a note on this period" })).focus();
  await user.keyboard("{Enter}");
  await screen.findByLabelText(/^Note on/);
  await user.keyboard("jam at the infeed{Control>}{Enter}{/Control}");
  await waitFor(() =>
    expect(page.asked.find(({ route }) => route === "POST /notes")?.body).toEqual({
      from: SPAN.from,
      to: SPAN.to,
      text: "jam at the infeed",
      subjects: SPAN.signals,
    }),
  );
  await waitFor(() => expect(screen.queryByLabelText(/^Note on/)).toBeNull());
});

test("[NO5] one's own note is changed and deleted; a refusal says why and what was typed stays", async () => {
  const user = userEvent.setup();
  const refusal = { status: 503, body: { error: { code: "DW_UNAVAILABLE", message: "the disk is full" } } };
  const page = await open({ [`PUT /notes/${note.id}`]: refusal, [`DELETE /notes/${note.id}`]: {} });
  await user.click(await screen.findByRole("button", { name: `Change the note: ${note.text}` }));
  const text = screen.getByLabelText(/^Note on/) as HTMLTextAreaElement;
  await user.type(text, " Again.");
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(page.studio.notices.get().at(-1)).toMatchObject({ detail: "the disk is full" }));
  expect(text.value).toBe(`${note.text} Again.`);
  await user.keyboard("{Escape}");
  await user.click(screen.getByRole("button", { name: `Delete the note: ${note.text}` }));
  await waitFor(() => expect(page.asked.some(({ route }) => route === `DELETE /notes/${note.id}`)).toBe(true));
});

test("[NO5] spans are drawn on the trends of their subjects, those of the whole plant on all", async () => {
  const page = await open({ "GET /notes": [note, { ...note, id: "spanNote:2", subjects: [], text: "all" }] });
  const { signal } = new AbortController();
  const spans = await spansOfNotes(page.studio, { ...SPAN, signals: ["signal:p", "signal:q"] }, { signal });
  expect(spans.get("signal:p")?.map(({ label }) => label)).toEqual([note.text, "all"]);
  expect(spans.get("signal:q")?.map(({ label }) => label)).toEqual(["all"]);
});

test("[NO6] notes that stand close on the Rail are one mark with their number", () => {
  const mark = (at: number) => ({ id: `spanNote:${at}`, at, until: at + 1, text: `text ${at}`, author: "Eva" });
  expect(noteMarks([mark(0), mark(1), mark(1_000_000)], 1_000).map(({ at, count }) => [at, count])).toEqual([
    [0, 2],
    [1_000_000, 1],
  ]);
  const t = ((code: string, params?: object) => `${code} ${JSON.stringify(params ?? {})}`) as never;
  expect(lane.words({ ...noteMarks([mark(0)], 1)[0]! } as never, t)).toEqual({ name: 'notes.rail.one {"author":"Eva"}', text: "text 0" });
});

test("[NO5] axe finds nothing serious in the list and in the form, in either language", async () => {
  const page = await open();
  await userEvent.click(await screen.findByRole("button", { name: "Add a note on this period" }));
  expect(await page.accessibilityFindings()).toEqual([]);
  closePages();
  const chinese = await open({}, "zh");
  await screen.findByRole("button", { name: "为此时段写备注" });
  expect(await chinese.accessibilityFindings()).toEqual([]);
});
