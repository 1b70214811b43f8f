import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../app/page.fixture.tsx";
import { coversOf, textOfCovers } from "./class-covers.ts";
import ClassesCard from "./classes-card.tsx";

afterEach(closePages);

const person = { id: "person:1", login: "mara", name: "Mara", roles: ["administrator"], authenticator: false, recoveryCodes: 0 };
const session = { accounts: true, person };
const safety = {
  id: "propertyClass:1",
  name: "Safety",
  covers: [{ path: "TechnicalData.Limits" }],
  propose: [],
  approve: ["engineer", "head of safety"],
  approvers: 2,
  expiresAfterMin: 480,
  presence: false,
  directWrites: false,
  enabled: true,
};

test("[U184] a class shows how many people with which roles approve for how long, and is changed", async () => {
  const { asked, accessibilityFindings } = await openPage(<ClassesCard />, {
    answers: {
      "GET /session": session,
      "GET /property-classes": { classes: [safety] },
      "PUT /property-classes/propertyClass%3A1": { ...safety, approvers: 2 },
    },
  });
  const row = within(await screen.findByRole("row", { name: /Safety/ }));
  row.getByText("2 people");
  row.getByText(/Engineer, head of safety · for 8/);
  const user = userEvent.setup();
  await user.click(row.getByRole("button", { name: "Edit" }));
  const dialog = within(await screen.findByRole("dialog"));
  const covers = dialog.getByRole<HTMLTextAreaElement>("textbox", { name: "Covers" });
  expect(covers.value).toBe("path: TechnicalData.Limits");
  await user.type(covers, "\nfoo: bar");
  await dialog.findByText(/line 2/);
  expect(dialog.getByRole<HTMLButtonElement>("button", { name: "Save" }).disabled).toBe(true);
  expect(await accessibilityFindings()).toEqual([]);
  await user.clear(covers);
  await user.type(covers, "semanticId: 0173-1#02-AAO057#002\n\nkind: alarmRule");
  await user.click(dialog.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(asked.some(({ route }) => route.startsWith("PUT /property-classes"))).toBe(true));
  const { id: _id, ...given } = safety;
  expect(asked.find(({ route }) => route.startsWith("PUT"))?.body).toEqual({
    ...given,
    covers: [{ semanticId: "0173-1#02-AAO057#002" }, { kind: "alarmRule" }],
  });
});

test("[U184] a new class begins with what its kind usually needs", async () => {
  const { asked } = await openPage(<ClassesCard />, {
    answers: {
      "GET /session": session,
      "GET /property-classes": { classes: [] },
      "POST /property-classes": safety,
    },
  });
  await screen.findByText(/needs one approval by somebody else/);
  const user = userEvent.setup();
  await user.click(screen.getByRole("button", { name: "Add a property class" }));
  const dialog = within(await screen.findByRole("dialog"));
  await user.click(dialog.getByRole("combobox", { name: "Begin with" }));
  await user.click(await screen.findByRole("option", { name: "Safety-relevant" }));
  await user.type(dialog.getByRole("textbox", { name: "Covers" }), "commands: *");
  await user.click(dialog.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(asked.some(({ route }) => route === "POST /property-classes")).toBe(true));
  expect(asked.find(({ route }) => route === "POST /property-classes")?.body).toMatchObject({
    name: "Safety-relevant",
    covers: [{ commands: "*" }],
    approvers: 2,
    expiresAfterMin: 480,
    presence: true,
    directWrites: false,
  });
});

test("[U184] what a class covers is read as it is written", () => {
  const covers = [{ semanticId: "urn:a b" }, { path: "A.*" }, { kind: "connection" }, { commands: "connection:1" }];
  expect(coversOf(textOfCovers(covers))).toEqual(covers);
  expect(coversOf("kind: a\n\n  path:b  \n")).toEqual([{ kind: "a" }, { path: "b" }]);
  for (const text of ["kind:", "kind", ": a", "kinds: a"]) expect(coversOf(`kind: a\n${text}`), text).toEqual({ line: 2 });
});
