import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../../../packages/studio/src/app/page.fixture.tsx";
import type { Page, Recorded } from "../../../packages/studio/src/app/page.fixture.tsx";
import { ShellMarks } from "@doppelwerk/kit/studio";
import { Grant, Link } from "../contract.ts";
import GrantsCard from "./grants-card.tsx";
import LinksCard from "./links-card.tsx";
import { views } from "./views.ts";

afterEach(closePages);

const NOW = 1_790_000_000_000_000;
const link: Link = {
  id: "connection:1",
  name: "Factory",
  url: "https://twin.example/worlds/factory",
  state: "broken",
  reason: { code: "links.otherWorld", params: {} } as never,
  lastContact: NOW - 12 * 60_000_000,
  shows: { shells: 1, signals: 12 },
  findings: [],
};
const grant: Grant = {
  id: "grant:1",
  label: "Park",
  places: ["shell:1"],
  shells: [],
  signals: [],
  created: NOW,
  by: "Ada",
  isExpired: false,
  covers: { shells: 3, signals: 40 },
};
const openLinks = (answers: Record<string, Recorded> = {}, language: "en" | "zh" = "en"): Promise<Page> =>
  openPage(<LinksCard />, { views, language, answers: { "GET /links": { now: NOW, links: [link] }, ...answers } });
const bodies = ({ asked }: Page, route: string) => asked.filter((request) => request.route === route).map(({ body }) => body);

test("[LK11] a link that is broken says why and when the other world was last in contact, in both languages; one that is connected shows no age", async () => {
  expect(Link.parse(link)).toEqual(link);
  const page = await openLinks();
  const row = within(await screen.findByRole("row", { name: /Factory/ }));
  row.getByText("last contact 12 min ago");
  row.getByText("another world now answers at this address");
  row.getByText("1 shell, 12 signals");
  expect(await page.accessibilityFindings()).toEqual([]);
  closePages();
  await openLinks({}, "zh");
  expect((await screen.findByRole("row", { name: /Factory/ })).textContent).toMatch(/连接中断.*前最后一次联系/);
  closePages();
  await openLinks({ "GET /links": { now: NOW, links: [{ ...link, state: "online", reason: undefined }] } });
  expect((await screen.findByRole("row", { name: /Factory/ })).textContent).not.toMatch(/last contact/);
});

test("[LK11] a link is made of an address and a key, and removed; what the server refuses is shown", async () => {
  const page = await openLinks({
    "POST /links": { status: 409, body: { error: { code: "DW_CONFLICT", message: "a world cannot link to itself" } } },
  });
  await userEvent.type(await screen.findByLabelText("Address of the other world"), "https://twin.example");
  await userEvent.type(screen.getByLabelText("Key"), "dwk_x");
  await userEvent.click(screen.getByRole("button", { name: "Show this world" }));
  await screen.findByText("a world cannot link to itself");
  page.answers["POST /links"] = link;
  const asked = { url: "https://twin.example", key: "dwk_x" };
  await userEvent.click(screen.getByRole("button", { name: "Show this world" }));
  await waitFor(() => expect(bodies(page, "POST /links")).toEqual([asked, asked]));
  page.answers[`DELETE /links/${link.id}`] = { status: 204, body: undefined };
  await userEvent.click(screen.getByRole("button", { name: /Remove the link to Factory/ }));
  await waitFor(() => expect(bodies(page, `DELETE /links/${link.id}`)).toHaveLength(1));
});

test("[LK12] a key is made for a place with everything in it, shown once, and revoked", async () => {
  expect(Grant.parse(grant)).toEqual(grant);
  const page = await openPage(<GrantsCard />, {
    views,
    answers: {
      "GET /grants": { grants: [grant] },
      "GET /grants/offers": { shells: [{ id: "shell:1", name: "Hall 2", contains: 9 }], more: 0 },
      "POST /grants": { grant, key: "dwk_shown-once" },
    },
  });
  (await screen.findByRole("row", { name: /Park/ })).textContent?.match(/3 shells, 40 signals/);
  await userEvent.click(screen.getByRole("combobox", { name: "What" }));
  await userEvent.click(await screen.findByRole("option", { name: "Hall 2, with 9 places in it" }));
  await userEvent.type(screen.getByLabelText("Granted to"), "Park");
  await userEvent.click(screen.getByRole("button", { name: "Create a key" }));
  expect((await screen.findByRole("status")).textContent).toContain("dwk_shown-once");
  expect(bodies(page, "POST /grants")).toEqual([{ places: ["shell:1"], shells: [], signals: [], label: "Park" }]);
  page.answers[`DELETE /grants/${grant.id}`] = { status: 204, body: undefined };
  await userEvent.click(screen.getByRole("button", { name: "Revoke the key for Park" }));
  await waitFor(() => expect(bodies(page, `DELETE /grants/${grant.id}`)).toHaveLength(1));
});

test("[LK15] a linked shell names its world, and while the link is away how old it is, in both languages; another shell has no mark, and many marks share one request", async () => {
  const shells = { id: link.id, name: "Factory", shells: ["urn:press"] };
  const away = { now: NOW, links: [{ ...shells, state: "broken", lastContact: NOW - 12 * 60_000_000 }] };
  const open = (answer: unknown, language: "en" | "zh" = "en") =>
    openPage(
      <>
        <h2>
          <ShellMarks shell="urn:press" />
        </h2>
        <ShellMarks shell="urn:press" isBrief />
        <ShellMarks shell="urn:own" />
      </>,
      { views, language, answers: { "GET /links/shells": answer as never } },
    );
  const page = await open(away);
  await screen.findByText("from Factory, read-only, last contact 12 min ago");
  expect(screen.getByRole("img", { name: /^from Factory/ }).textContent).toBe("Factory");
  expect(document.querySelectorAll(".dw-links-mark")).toHaveLength(2);
  expect(page.asked.filter(({ route }) => route === "GET /links/shells")).toHaveLength(1);
  expect(await page.accessibilityFindings()).toEqual([]);
  closePages();
  await open({ now: NOW, links: [{ ...shells, state: "online", lastContact: NOW }] });
  await screen.findByText("from Factory, read-only");
  closePages();
  await open({ now: NOW, links: [{ ...shells, state: "connecting" }] }, "zh");
  await screen.findByText("来自 Factory，只读，尚未联系");
});

test("[LK12] on a server with accounts a viewer is asked for no grants, an administrator for all", async () => {
  const session = (roles: readonly string[]) => ({ accounts: true, person: { id: "person:vi", login: "vi", name: "Vi", roles } });
  const answers = { "GET /grants": { grants: [] }, "GET /grants/offers": { shells: [], more: 0 } };
  const asked = (page: Page): boolean => page.asked.some(({ route }) => route.includes("/grants"));
  const viewer = await openPage(<GrantsCard />, { answers: { ...answers, "GET /session": session(["viewer"]) } });
  await waitFor(() => expect(viewer.asked.some(({ route }) => route.endsWith("/session"))).toBe(true));
  await new Promise((resume) => setTimeout(resume, 50));
  expect([asked(viewer), screen.queryByRole("heading")]).toEqual([false, null]);
  closePages();
  const administrator = await openPage(<GrantsCard />, { answers: { ...answers, "GET /session": session(["administrator"]) } });
  await waitFor(() => expect(asked(administrator)).toBe(true));
});
