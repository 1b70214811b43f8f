import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HOUR } from "@doppelwerk/world";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../../../packages/studio/src/app/page.fixture.tsx";
import ExportCard from "./export-card.tsx";
import { views } from "./views.ts";

const NOW = 1_790_000_000_000_000;
afterEach(closePages);

test("[EX6] the card asks for all signals of its place over the range chosen, and says why where there are too many samples", async () => {
  const refusal = { status: 400, body: { error: { code: "DW_INVALID", message: "more than 5,000,000 samples: choose a shorter range" } } };
  const urls: URL[] = [];
  const page = await openPage(<ExportCard place="shell:hall" />, {
    views,
    address: "/board/shell%3Ahall",
    now: NOW,
    answers: {
      "GET /export/samples": ({ url }: { readonly url: URL }) => {
        urls.push(url);
        return refusal;
      },
    },
  });
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: "Export CSV" }));
  await screen.findByText(/choose a shorter range/u);
  const query = urls[0]!.searchParams;
  expect(["place", "signals", "layout", "format"].map((name) => query.get(name))).toEqual(["shell:hall", null, "long", "csv"]);
  expect(Number(query.get("to")) - Number(query.get("from"))).toBe(8 * HOUR);
  await waitFor(() => expect(screen.getByRole<HTMLButtonElement>("button", { name: "Export Parquet" }).disabled).toBe(false));
  expect(await page.accessibilityFindings()).toEqual([]);
});

test("[HQ32] what is exported says how large it is, and the name of its file", async () => {
  const page = await openPage(<ExportCard place="shell:hall" />, {
    views,
    address: "/board/shell%3Ahall",
    now: NOW,
    answers: { "GET /export/samples": () => ({ rows: "x".repeat(1_000) }) },
  });
  const told: (readonly string[])[] = [];
  Object.assign(page.studio, { notify: (...words: readonly string[]) => told.push(words) });
  URL.createObjectURL = () => "blob:export";
  URL.revokeObjectURL = () => {};
  await userEvent.setup().click(await screen.findByRole("button", { name: "Export CSV" }));
  await waitFor(() => expect(told).toHaveLength(1));
  expect(told[0]).toEqual(["good", "Exported, 1.01\u202fkB", expect.stringMatching(/^history_8h_.*\.csv$/u)]);
});
