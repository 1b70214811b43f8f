import { act, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactNode } from "react";
import { createStore, useStore, type Store } from "@doppelwerk/ui";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../../../packages/studio/src/app/page.fixture.tsx";
import ForkDialog from "./fork-dialog.tsx";
import { views } from "./views.ts";

afterEach(closePages);

const NOW = 1_795_880_710_000_000;
const nameField = () => screen.findByRole<HTMLInputElement>("textbox");

test("[CH10] the name that is proposed stays while the dialog is open, and what is typed replaces it", async () => {
  const { studio } = await openPage(<ForkDialog opened onClose={() => undefined} />, {
    views,
    address: "/world?subject=S090",
    now: NOW,
    answers: {},
  });
  const field = await nameField();
  const proposed = field.value;
  expect(proposed).toMatch(/^S090 from \d\d:\d\d$/);
  expect([field.selectionStart, field.selectionEnd]).toEqual([0, proposed.length]);
  // a minute later, and more is known of the plant
  act(() => studio.time.goTo(NOW + 3_600e6));
  act(() => studio.address.amend({ subject: "S100" }));
  expect((await nameField()).value).toBe(proposed);
  expect([field.selectionStart, field.selectionEnd]).toEqual([0, proposed.length]);
  await userEvent.keyboard("S090 7 places");
  expect(field.value).toBe("S090 7 places");
});

/** The dialog as the frame has it: mounted once, opened and closed. */
function Opened({ dialog }: { readonly dialog: Store<boolean> }): ReactNode {
  return <ForkDialog opened={useStore(dialog)} onClose={() => dialog.set(false)} />;
}

test("[CH19] what was typed stays when the dialog is closed by Escape, and goes with Cancel", async () => {
  const user = userEvent.setup();
  const dialog = createStore(true);
  await openPage(<Opened dialog={dialog} />, { views, address: "/world?subject=S090", now: NOW, answers: {} });
  await nameField();
  await user.keyboard("two presses");
  await user.keyboard("{Escape}");
  await waitFor(() => expect(dialog.get()).toBe(false));
  await waitFor(() => expect(screen.queryByRole("textbox")).toBeNull());
  act(() => dialog.set(true));
  expect((await nameField()).value).toBe("two presses");
  await user.click(screen.getByRole("button", { name: "Cancel" }));
  await waitFor(() => expect(screen.queryByRole("textbox")).toBeNull());
  act(() => dialog.set(true));
  expect((await nameField()).value).toMatch(/^S090 from/);
});
