import { screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../app/page.fixture.tsx";
import { keepLanguage, withPerson } from "../session/known-person.ts";
import NameDialog from "./name-dialog.tsx";

afterEach(closePages);

const person = { id: "person:1", login: "mara", name: "Mara", roles: ["engineer"], authenticator: false, recoveryCodes: 0, password: true };

test("[U216] who is logged in is not asked for a name in a new browser: that of the account is taken, and its language", async () => {
  const { studio } = await openPage(<NameDialog />, {
    answers: { "GET /session": { accounts: true, person: { ...person, language: "zh" } } },
  });
  await waitFor(() => expect(studio.preferences.get()).toMatchObject({ name: "Mara", language: "zh" }));
  expect(screen.queryByRole("dialog")).toBeNull();
  expect(studio.client.person.name).toBe("Mara");
});

test("[U216] without accounts a name is asked for", async () => {
  const { studio } = await openPage(<NameDialog />, { answers: { "GET /session": { accounts: false } } });
  await screen.findByRole("dialog", { name: "Name shown to others" });
  expect(studio.preferences.get().name).toBe("");
});

test("[U216] the language that was chosen in a browser stays there, and is told to the account of who is logged in, once", async () => {
  const held = { personId: "person-0000000001", name: "Somebody", theme: "dark", language: "en", inspectorWidth: 352 } as const;
  expect(withPerson(held, { name: "Mara", language: "zh" })).toEqual({ ...held, name: "Mara" });
  const told: string[] = [];
  const client = (language?: "en" | "zh") => ({
    session: async () => ({ accounts: true, person: { ...person, ...(language && { language }) } }) as never,
    keepLanguage: async (kept: string) => void told.push(kept),
  });
  await keepLanguage(client(), "zh");
  await keepLanguage(client("zh"), "zh");
  await keepLanguage({ ...client(), session: async () => ({ accounts: false }) }, "en");
  expect(told).toEqual(["zh"]);
});
