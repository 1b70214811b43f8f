import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../../../../packages/studio/src/app/page.fixture.tsx";
import type { Page, Recorded } from "../../../../packages/studio/src/app/page.fixture.tsx";
import Optimise from "./optimise.tsx";
import { factors } from "./recorded.fixture.ts";

afterEach(closePages);

const BRANCH = "branch:1";
const unavailable = (message: string) => ({ status: 503, body: { error: { code: "DW_UNAVAILABLE", message } } });
const open = (answers: Record<string, Recorded> = {}, detail = "optimise"): Promise<Page> =>
  openPage(<Optimise branch={BRANCH} detail={detail} />, {
    address: `/decide/optimise?branch=${BRANCH}`,
    answers: { [`GET /branches/${BRANCH}/factors`]: factors, [`GET /branches/${BRANCH}/optimisations`]: [], ...answers },
  });
const started = (page: Page) => page.asked.find(({ route }) => route === `POST /branches/${BRANCH}/optimisations`);

test("[U90] a branch without a search says what will be here, and a search of nothing cannot be started", async () => {
  const page = await open();
  await screen.findByText("No optimisation yet");
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Optimise" }).disabled).toBe(true);
  expect(started(page)).toBeUndefined();
});

test("[U90] what may change is chosen by keyboard, and the search that is started names it with its goals", async () => {
  const user = userEvent.setup();
  const page = await open({ [`POST /branches/${BRANCH}/optimisations`]: { id: "optimisation:1" } });
  const [box] = await screen.findAllByRole("checkbox");
  box!.focus();
  await user.keyboard(" ");
  const start = screen.getByRole<HTMLButtonElement>("button", { name: "Optimise" });
  await waitFor(() => expect(start.disabled).toBe(false));
  start.focus();
  await user.keyboard("{Enter}");
  await waitFor(() => expect(started(page)).toBeDefined());
  const { body } = started(page)! as { readonly body: { readonly factors: readonly { readonly key: string }[] } };
  expect(body).toMatchObject({ goals: ["throughput"], keep: [], seed: 1, kind: "study" });
  expect(body.factors.length).toBeGreaterThan(0);
  expect(factors.map(({ key }) => key)).toEqual(expect.arrayContaining(body.factors.map(({ key }) => key)));
  await waitFor(() => expect(page.studio.address.store.get().detail).toBe("optimise:line:optimisation:1"));
});

test("[U90] a search that the server refuses is told, and what was chosen stays", async () => {
  const user = userEvent.setup();
  const page = await open({ [`POST /branches/${BRANCH}/optimisations`]: unavailable("too many searches") });
  const [box] = await screen.findAllByRole<HTMLInputElement>("checkbox");
  await user.click(box!);
  await user.click(screen.getByRole("button", { name: "Optimise" }));
  await waitFor(() => expect(page.studio.notices.get().at(-1)).toMatchObject({ tone: "trouble", detail: "too many searches" }));
  expect(box!.checked).toBe(true);
});

test("[U90] factors or searches that cannot be read are named with a way to try again", async () => {
  const user = userEvent.setup();
  const page = await open({ [`GET /branches/${BRANCH}/factors`]: unavailable("no model yet") });
  const alert = await screen.findByRole("alert");
  within(alert).getByText("no model yet");
  page.answers[`GET /branches/${BRANCH}/factors`] = factors;
  await user.click(within(alert).getByRole("button"));
  expect((await screen.findAllByRole("checkbox")).length).toBeGreaterThan(0);
});

test("[U90] axe finds nothing serious on the page", async () => {
  const page = await open();
  await screen.findAllByRole("checkbox");
  expect(await page.accessibilityFindings()).toEqual([]);
});
