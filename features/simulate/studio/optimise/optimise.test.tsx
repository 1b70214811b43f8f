import { act, cleanup, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { StudioContext, WindowScope } from "@doppelwerk/ui";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../../../../packages/studio/src/app/page.fixture.tsx";
import type { Page, Recorded } from "../../../../packages/studio/src/app/page.fixture.tsx";
import { StudioTheme } from "../../../../packages/studio/src/app/studio-theme.tsx";
import { LineAnswerProgress } from "./line-answer-progress.tsx";
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
/** The first group of factors. */
const factorBox = () => screen.findByRole<HTMLInputElement>("checkbox", { name: "Buffers" });
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
  const box = await factorBox();
  box.focus();
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
  const box = await factorBox();
  await user.click(box);
  await user.click(screen.getByRole("button", { name: "Optimise" }));
  await waitFor(() => expect(page.studio.notices.get().at(-1)).toMatchObject({ tone: "trouble", detail: "too many searches" }));
  expect(box.checked).toBe(true);
});

test("[OP14] goals stand before factors; what was chosen stays beside the search that it started, until it is cleared", async () => {
  const user = userEvent.setup();
  const page = await open({ [`POST /branches/${BRANCH}/optimisations`]: { id: "optimisation:1" } });
  await user.click(await factorBox());
  await user.click(screen.getByRole("checkbox", { name: "Shorter lead time" }));
  const titles = screen.getAllByRole("heading").map(({ textContent }) => textContent);
  expect(titles.indexOf("Goals")).toBeLessThan(titles.indexOf("Factors"));
  await user.click(screen.getByRole("button", { name: "Optimise" }));
  await waitFor(() => expect(started(page)).toBeDefined());
  cleanup();
  await act(async () => {
    render(
      <StudioContext value={page.studio}>
        <StudioTheme name="light" env="test">
          <WindowScope>
            <Optimise branch={BRANCH} detail="optimise" />
          </WindowScope>
        </StudioTheme>
      </StudioContext>,
    );
  });
  expect((await factorBox()).checked).toBe(true);
  expect(screen.getByRole<HTMLInputElement>("checkbox", { name: "Shorter lead time" }).checked).toBe(true);
  await user.click(screen.getByRole("button", { name: "Clear" }));
  expect((await factorBox()).checked).toBe(false);
});

test.each([
  [{ state: "running", spent: 50 }, /^12 variants in 50 of about 120 replications/],
  [{ state: "running", spent: 134 }, /^12 variants in 134 replications; the last round is finished/],
  [{ state: "done", spent: 134 }, /^Search: 12 variants in 134 replications \(120 requested; a round that has begun is finished\)\.$/],
  [{ state: "done", spent: 90 }, /^Search: 12 variants in 90 of at most 120 replications\.$/],
  [
    { state: "confirming", spent: 134 },
    /Confirmation, not counted in these: 30 replications of live and 30 of the branch, with new seeds\./,
  ],
])("[OP14] replications that were spent are never more than those they are counted of: %o", async (fields, says) => {
  const answer = { id: "optimisation:1", title: "x", goals: ["throughput"], budget: 120, judged: 12, trace: [], resumed: 0, restarts: 0 };
  await openPage(
    <LineAnswerProgress
      answer={{ ...answer, request: { confirm: 30 }, ...fields } as never}
      isOver={fields.state === "done"}
      reload={() => undefined}
    />,
    { address: "/decide/optimise", answers: {} },
  );
  const text = document.querySelector(".dw-reps > span")!.textContent!;
  expect(text).toMatch(says);
  const [, count, of] = /(\d+) of [a-z ]*(\d+) replications/.exec(text) ?? [];
  if (count !== undefined) expect(Number(count)).toBeLessThanOrEqual(Number(of));
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
