import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { closePages, openPage } from "../../app/page.fixture.tsx";
import YourDataCard from "./your-data-card.tsx";

afterEach(closePages);

const line = (id: string, erasure: string, en: string) => ({
  id,
  feature: "kernel",
  what: { en, zh: `中文${en}` },
  purpose: { en: "to work", zh: "工作" },
  basis: { code: "contract", text: { en: "contract", zh: "合同" } },
  places: [{ kind: "file", name: "accounts.json" }],
  kept: { en: "until erased", zh: "直至擦除" },
  erasure: { code: erasure, text: { en: erasure, zh: "擦除" } },
  exported: true,
});
const mara = { id: "person:1", login: "mara", name: "Mara", roles: ["engineer"], authenticator: false, recoveryCodes: 0 };
const answers = {
  "GET /session": { accounts: true, person: mara },
  "GET /privacy/person": () => new Response('{"format":"doppelwerk-person"}'),
  "GET /privacy/inventory": { data: [line("kernel.accounts", "erased", "Account"), line("kernel.log", "nameless", "Change log")] },
  "POST /privacy/person/erasure": { documents: 2, notReached: [] },
};

test("[U191] a person downloads what is kept of him, reads what goes and what stays, and is erased; the browser is somebody else then", async () => {
  const page = await openPage(<YourDataCard />, { answers });
  const links: string[] = [];
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
    links.push(this.download);
  });
  URL.createObjectURL = () => "blob:test";
  URL.revokeObjectURL = () => {};
  fireEvent.click(await screen.findByRole("button", { name: "Download your data" }));
  await waitFor(() => expect(links).toEqual(["person.json"]));

  fireEvent.click(screen.getByRole("button", { name: "Erase" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Erase you from this server" }));
  expect(await dialog.findByText("Account")).toBeTruthy();
  expect(dialog.getByText("Change log").closest("ul")!.previousElementSibling!.textContent).toMatch(/^This stays/);
  const erase = dialog.getByRole("button", { name: "Erase" });
  fireEvent.click(dialog.getByRole("radio", { name: "leave them without a name" }));
  expect(await page.accessibilityFindings()).toEqual([]);
  const before = page.studio.preferences.get().personId;
  fireEvent.click(erase);
  await waitFor(() => expect(page.studio.preferences.get().personId).not.toBe(before));
  expect(page.asked.find(({ route }) => route === "POST /privacy/person/erasure")?.body).toEqual({ texts: "keep" });
});

test("[U191] what the server refuses is said, and nothing is forgotten", async () => {
  const refused = {
    status: 409,
    body: { error: { code: "DW_CONFLICT", message: "no", reason: { code: "messages.verbatim", params: { text: "no" } } } },
  };
  await openPage(<YourDataCard />, {
    answers: { ...answers, "GET /session": { accounts: false }, "POST /privacy/person/erasure": refused },
    language: "zh",
  });
  fireEvent.click(await screen.findByRole("button", { name: "擦除" }));
  const dialog = within(await screen.findByRole("dialog"));
  expect(await dialog.findByText("中文Account")).toBeTruthy();
  fireEvent.click(dialog.getByRole("button", { name: "擦除" }));
  expect((await dialog.findByRole("alert")).textContent).toMatch(/./);
});
