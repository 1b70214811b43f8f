import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { shell, view, type Audience, type View } from "@doppelwerk/ui";
import { afterEach, expect, test, vi } from "vitest";
import { closePages, openPage } from "../app/page.fixture.tsx";
import Palette, { togglePalette } from "../frame/palette.tsx";
import Settings from "./settings.tsx";
import { views as own } from "./views.ts";

afterEach(() => {
  vi.restoreAllMocks();
  closePages();
});

const parts = own.filter(({ at }) => at === shell.settingsPart.at || at === shell.page.at);
const card = (name: string, part: string, audience?: Audience): View =>
  view(shell.setting, `test.${name}`, {
    part,
    title: "frame.close",
    words: "frame.retry",
    order: 1,
    ...(audience !== undefined && { audience }),
    load: () => Promise.resolve({ default: () => <p>{`the card ${name}`}</p> }),
  });
const views = [
  ...parts,
  card("everybody", "you"),
  card("person", "you", "people"),
  card("roles", "people", "accountAdministrators"),
  card("keys", "records", "administrators"),
  card("elsewhere", "no such part"),
];
const person = { id: "p1", login: "mara", name: "Mara", authenticator: false, recoveryCodes: 0, password: true };
const open = (address: string, session: object, more: readonly View[] = views) =>
  openPage(<Settings />, { views: more, address, answers: { "GET /session": session } });
const listed = () => within(screen.getByRole("navigation", { name: "Parts of the settings" })).getAllByRole("link");
const onPhone = () =>
  vi.spyOn(window, "matchMedia").mockImplementation(((media: string) => ({
    media,
    matches: media.includes("max-width"),
    addEventListener() {},
    removeEventListener() {},
  })) as never);

test("[U208] parts stand in their order where somebody may see one of their cards; the first is shown, and each has an address", async () => {
  const page = await open("/settings", { accounts: true, person: { ...person, roles: ["administrator"] } });
  await screen.findByText("the card everybody");
  screen.getByText("the card person");
  expect(listed().map((link) => [link.textContent, link.getAttribute("href")?.replace(location.origin, "")])).toEqual([
    ["YouClose · Close", "/settings/you"],
    ["People and sign-inClose", "/settings/people"],
    ["Records and privacyClose", "/settings/records"],
    ["Worlds and packsClose", "/settings/worlds"],
  ]);
  expect(listed()[0]!.getAttribute("aria-current")).toBe("page");
  await userEvent.click(listed()[1]!);
  await screen.findByText("the card roles");
  expect(page.studio.address.store.get()).toMatchObject({ view: "settings", detail: "people" });
  screen.getByRole("heading", { name: "People and sign-in", level: 2 });
  screen.getByRole("region", { name: "People and sign-in" });
  expect(screen.queryByText("the card everybody")).toBeNull();
  expect(await page.accessibilityFindings()).toEqual([]);
});

test("[U208] who may see no card of a part sees no part: not in the list, and at its address a way to the others", async () => {
  await open("/settings/people", { accounts: true, person: { ...person, roles: ["viewer"] } });
  await screen.findByText("Nothing here");
  expect(listed().map(({ textContent }) => textContent)).toEqual(["YouClose · Close", "Worlds and packsClose"]);
  await userEvent.click(screen.getByRole("button", { name: "All settings" }));
  await screen.findByText("the card person");
  closePages();
  // without accounts everybody administers, and nobody is logged in
  await open("/settings", { accounts: false });
  await screen.findByText("the card everybody");
  expect(screen.queryByText("the card person")).toBeNull();
  expect(listed().map(({ textContent }) => textContent)).toEqual(["YouClose", "Records and privacyClose", "Worlds and packsClose"]);
});

test("[U208] a phone has the list as its first page, and from a part a way back to it", async () => {
  onPhone();
  const page = await open("/settings", { accounts: false });
  await waitFor(() => expect(listed()).toHaveLength(3));
  expect(screen.queryByText("the card everybody")).toBeNull();
  await userEvent.click(listed()[0]!);
  await screen.findByText("the card everybody");
  expect(document.activeElement?.textContent).toBe("You");
  expect(screen.queryByRole("navigation", { name: "Parts of the settings" })).toBeNull();
  await userEvent.click(screen.getByRole("link", { name: "Settings" }));
  await waitFor(() => expect(listed()).toHaveLength(3));
  expect(page.studio.address.store.get().detail).toBeUndefined();
  expect(await page.accessibilityFindings()).toEqual([]);
});

test("[U209] the address of a card scrolls to it and gives it the focus, whatever part it names", async () => {
  for (const address of ["/settings/records#keys", "/settings#keys", "/settings/you#keys"]) {
    const shown = vi.spyOn(Element.prototype, "scrollIntoView");
    await open(address, { accounts: false });
    await screen.findByText("the card keys");
    const focused = document.activeElement as HTMLElement;
    expect([focused.dataset["card"], focused.getAttribute("role"), focused.getAttribute("aria-label")], address).toEqual([
      "keys",
      "group",
      "Close",
    ]);
    expect(shown.mock.contexts).toContain(focused);
    closePages();
  }
});

test("[U209] the search of the frame finds a card by its title and its words, says its part, and leads to it; others find no card that is not for them", async () => {
  const session = { accounts: true, person: { ...person, roles: ["administrator"] } };
  const named = [...parts, ...own.filter(({ id }) => id === "settings.accounts" || id === "settings.look")];
  const page = await openPage(<Palette actions={[]} />, { views: named, address: "/settings", answers: { "GET /session": session } });
  act(() => togglePalette());
  const field = await screen.findByPlaceholderText("Search or run a command");
  expect(page.asked.filter(({ route }) => route === "GET /session")).toEqual([]);
  await userEvent.type(field, "guest");
  const found = await screen.findByRole("button", { name: /^Accounts/ });
  expect(found.textContent).toBe("AccountsPeople and sign-in");
  await userEvent.click(found);
  expect(page.studio.address.store.get()).toMatchObject({ view: "settings", detail: "people", card: "accounts" });
  expect(location.hash).toBe("#accounts");
  closePages();
  const viewer = { accounts: true, person: { ...person, roles: ["viewer"] } };
  await openPage(<Palette actions={[]} />, { views: named, address: "/settings", answers: { "GET /session": viewer } });
  act(() => togglePalette());
  await userEvent.type(await screen.findByPlaceholderText("Search or run a command"), "guest");
  await screen.findByText("No match");
});
