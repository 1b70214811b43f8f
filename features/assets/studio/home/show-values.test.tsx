import { parsePlace } from "@doppelwerk/kit/studio";
import { act, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../../../../packages/studio/src/app/page.fixture.tsx";
import type { PlantValues } from "../../contract.ts";
import Assets from "../assets.tsx";
import { views } from "../views.ts";
import ShowValues from "./show-values.tsx";

afterEach(closePages);

const value = (connection: string, signal: string, name: string): PlantValues["values"][number] =>
  ({ signal, name, connection, path: ["Folder", name], valueType: "double" }) as never;
const plant = {
  connections: [
    { id: "connection:1", name: "Press" },
    { id: "connection:2", name: "Oven" },
  ],
  values: [value("connection:1", "signal:1", "Force"), value("connection:2", "signal:2", "Heat")],
  assets: [],
  more: 0,
};

test("[AH9] *Shells* opens with the shell of the selected station; where none is selected with the list", async () => {
  const user = userEvent.setup();
  const page = await openPage(<Assets />, { views, address: "/assets?subject=S090", answers: { "GET /lines": { lines: [] } } });
  const station = { id: "S090", shell: "urn:s090", name: { en: "Drive", zh: "驱动" }, signals: {}, processValues: [] };
  await act(async () => page.studio.line.set({ id: "line", constraint: "", stations: [station] } as never));
  await user.click(screen.getByRole("radio", { name: "Shells" }));
  expect(parsePlace(page.studio.address.store.get().detail)).toEqual({ mode: "shells", shell: "urn:s090" });
  await user.click(screen.getByRole("radio", { name: "Line" }));
  await act(async () => page.studio.address.amend({ subject: undefined }));
  await user.click(screen.getByRole("radio", { name: "Shells" }));
  expect(page.studio.address.store.get().detail).toBe("shells");
});

test("[AH8] *Show values* of a connection opens its values and no others, and leads to those of all", async () => {
  const user = userEvent.setup();
  const answers = { "GET /plant-values": plant, "GET /lines": { lines: [] } };
  const card = await openPage(<ShowValues plant={{ connection: "connection:2" } as never} />, { views, address: "/connect", answers });
  await user.click(screen.getByRole("button", { name: "Show values" }));
  const { view, detail } = card.studio.address.store.get();
  expect([view, detail]).toEqual(["assets", "values:connection:2"]);
  closePages();
  const page = await openPage(<Assets />, { views, address: `/assets/${encodeURIComponent(detail!)}`, answers });
  await screen.findByRole("heading", { name: "Values of Oven" });
  await screen.findByText("Heat");
  expect(screen.queryByText("Press")).toBeNull();
  await user.click(screen.getByRole("button", { name: "Values of all connections" }));
  expect(page.studio.address.store.get().detail).toBe("values");
  await screen.findByText("Press");
  await waitFor(() => expect(screen.getByRole("heading", { name: "Values of the plant" })).toBeTruthy());
});
