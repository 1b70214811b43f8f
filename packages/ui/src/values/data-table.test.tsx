import { act, cleanup, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { MantineProvider } from "@mantine/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { switchLanguage } from "../language/language.ts";
import { StudioContext } from "../session/context.tsx";
import type { Studio } from "../session/studio.ts";
import { createStore } from "../store/store.ts";
import { DataTable, type DataTableProps } from "./data-table.tsx";

interface Station {
  readonly id: string;
  readonly cycleS: number | undefined;
}

const stations: readonly Station[] = [
  { id: "S100", cycleS: 38 },
  { id: "S20", cycleS: undefined },
  { id: "S90", cycleS: 34.5 },
];

beforeEach(() => switchLanguage("en"));
afterEach(cleanup);

async function draw(props: Partial<DataTableProps<Station>> = {}): Promise<void> {
  const studio = { world: createStore({ timeZone: "Europe/Berlin" }) } as unknown as Studio;
  render(
    <MantineProvider env="test">
      <StudioContext value={studio}>
        <DataTable
          caption="Stations"
          columns={[
            { title: "Station", cell: ({ id }) => id, sortBy: ({ id }) => id },
            { title: "Cycle", isNumber: true, cell: ({ cycleS }) => cycleS ?? "–", sortBy: ({ cycleS }) => cycleS },
          ]}
          rows={stations}
          keyOf={({ id }) => id}
          {...props}
        />
      </StudioContext>
    </MantineProvider>,
  );
  await act(async () => undefined);
}

const shown = (): readonly (string | null)[] =>
  within(screen.getByRole("table", { name: "Stations" }))
    .getAllByRole("row")
    .slice(1)
    .map((row) => row.firstElementChild!.textContent);

test("[U101] rows are sorted by keyboard: ascending, descending, then as they came; without a value they come last", async () => {
  const user = userEvent.setup();
  await draw();
  expect(shown()).toEqual(["S100", "S20", "S90"]);
  await user.tab();
  await user.keyboard("{Enter}");
  expect(shown()).toEqual(["S20", "S90", "S100"]);
  expect(screen.getByRole("columnheader", { name: "Station" }).getAttribute("aria-sort")).toBe("ascending");
  await user.tab();
  await user.keyboard(" ");
  expect(shown()).toEqual(["S90", "S100", "S20"]);
  await user.keyboard(" ");
  expect(shown()).toEqual(["S100", "S90", "S20"]);
  expect(screen.getByRole("columnheader", { name: "Cycle" }).getAttribute("aria-sort")).toBe("descending");
  await user.keyboard(" ");
  expect(shown()).toEqual(["S100", "S20", "S90"]);
});

test("[U101] a row is selected by keyboard, and says that it is", async () => {
  const user = userEvent.setup();
  const chosen: string[] = [];
  await draw({ onChoose: ({ id }) => void chosen.push(id), isChosen: ({ id }) => id === "S90" });
  await user.tab();
  await user.tab();
  await user.tab();
  await user.keyboard("{Enter}");
  expect(chosen).toEqual(["S100"]);
  expect(screen.getAllByRole("row").filter((row) => row.getAttribute("aria-current") === "true")).toHaveLength(1);
});

test("[U101] without rows a table says that they are loaded, why they cannot be with a way to try again, or that there are none", async () => {
  const user = userEvent.setup();
  let again = 0;
  const reload = (): void => void again++;
  await draw({ rows: [], loaded: { kind: "loading", value: undefined, reload }, empty: "No station" });
  screen.getByRole("status", { name: "Loading" });
  cleanup();
  await draw({ rows: [], loaded: { kind: "failed", value: undefined, message: "the server is away", reload }, empty: "No station" });
  const alert = screen.getByRole("alert");
  within(alert).getByText("the server is away");
  await user.click(within(alert).getByRole("button"));
  expect(again).toBe(1);
  cleanup();
  await draw({ rows: [], loaded: { kind: "ready", value: [], reload }, empty: "No station" });
  screen.getByText("No station");
  expect(screen.queryByRole("table")).toBeNull();
});
