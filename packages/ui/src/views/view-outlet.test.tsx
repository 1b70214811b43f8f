import { cleanup, screen } from "@testing-library/react";
import { useState, type ReactNode } from "react";
import { afterEach, expect, test, vi } from "vitest";
import { closePages, openPage } from "../../../studio/src/app/page.fixture.tsx";
import { ViewOutlet } from "./view-outlet.tsx";

afterEach(() => {
  vi.useRealTimers();
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  cleanup();
  closePages();
});

/** Everything that waits for no timer. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate);
}

test("[ui V13] a view is shown as soon as its module is here, without a timer between", async () => {
  let arrive!: (module: { readonly default: () => ReactNode }) => void;
  const view = {
    at: "shell.page@1",
    id: "test.late",
    data: {},
    load: () => new Promise<{ readonly default: () => ReactNode }>((resolve) => (arrive = resolve)),
  };
  let open!: (isOpen: boolean) => void;
  function Opening(): ReactNode {
    const [isOpen, setOpen] = useState(false);
    open = setOpen;
    return isOpen ? <ViewOutlet view={view} waiting={<p>waits</p>} /> : null;
  }
  await openPage(<Opening />, { answers: {} });
  // React hurries where a test awaits it, and not in a browser
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: false });
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  open(true);
  await turns();
  expect(screen.queryByText("waits")).not.toBeNull();
  arrive({ default: () => <p>here</p> });
  await turns();
  expect(screen.queryByText("here")).not.toBeNull();
  expect(screen.queryByText("waits")).toBeNull();
});
