import { MantineProvider } from "@mantine/core";
import { act, cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import type { ReactNode } from "react";
import { afterEach, expect, test } from "vitest";
import { Dialog } from "./dialog.tsx";
import { ScrollRegion } from "./scroll-region.tsx";
import { TabList } from "./tab-list.tsx";

afterEach(cleanup);

function Tabs(): ReactNode {
  const [chosen, setChosen] = useState("b");
  const tabs = ["a", "b", "c"].map((name) => ({ name, title: name.toUpperCase() }));
  return (
    <MantineProvider env="test">
      <TabList label="Parts" tabs={tabs} chosen={chosen} onChoose={setChosen} />
      <button type="button">after</button>
    </MantineProvider>
  );
}

test("[U144] tabs are one stop of the Tab key; arrows go round, Home and End to the ends, and the chosen one has the focus", async () => {
  const user = userEvent.setup();
  render(<Tabs />);
  screen.getByRole("tablist", { name: "Parts" });
  const states = () =>
    screen.getAllByRole("tab").map((tab) => `${tab.textContent}${tab.getAttribute("aria-selected") === "true" ? "*" : ""}`);
  await user.tab();
  expect(document.activeElement?.textContent).toBe("B");
  await user.keyboard("{ArrowRight}{ArrowRight}");
  expect(states()).toEqual(["A*", "B", "C"]);
  expect(document.activeElement?.textContent).toBe("A");
  await user.keyboard("{ArrowLeft}");
  expect(states()).toEqual(["A", "B", "C*"]);
  await user.keyboard("{Home}{End}{Home}");
  expect(document.activeElement?.textContent).toBe("A");
  await user.tab();
  expect(document.activeElement?.textContent).toBe("after");
});

function Opener({ takesAway }: { readonly takesAway: boolean }): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const dialog = (
    <Dialog opened={isOpen} onClose={() => setOpen(false)} title="A question">
      <button type="button">answer</button>
    </Dialog>
  );
  return (
    <MantineProvider env="test">
      <button type="button" onClick={() => setOpen(true)}>
        open
      </button>
      {takesAway ? isOpen && dialog : dialog}
    </MantineProvider>
  );
}

test.each([true, false])("[U142] a dialog closes with Escape and the focus is back; taken out of the page: %s", async (takesAway) => {
  const user = userEvent.setup();
  render(<Opener takesAway={takesAway} />);
  await user.click(screen.getByRole("button", { name: "open" }));
  const dialog = await screen.findByRole("dialog", { name: "A question" });
  expect(dialog.querySelector("header")?.getAttribute("role")).toBe("none");
  await user.keyboard("{Escape}");
  await expect.poll(() => screen.queryByRole("dialog")).toBeNull();
  await expect.poll(() => document.activeElement?.textContent).toBe("open");
});

test("[U144] a part that scrolls is a named stop while it has more than it shows, and none otherwise", async () => {
  let height = 300;
  const measured: (() => void)[] = [];
  const kept = globalThis.ResizeObserver;
  globalThis.ResizeObserver = class {
    constructor(measure: () => void) {
      measured.push(measure);
    }
    observe(): void {}
    disconnect(): void {}
    unobserve(): void {}
  } as never;
  const { container } = render(<ScrollRegion label="Log">lines</ScrollRegion>);
  const box = container.firstElementChild as HTMLElement;
  Object.defineProperties(box, { scrollHeight: { get: () => height }, clientHeight: { value: 100 } });
  const measure = () => act(async () => measured.forEach((each) => each()));
  await measure();
  expect(screen.getByRole("group", { name: "Log" }).tabIndex).toBe(0);
  height = 100;
  await measure();
  expect(screen.queryByRole("group")).toBeNull();
  expect(box.hasAttribute("tabindex")).toBe(false);
  globalThis.ResizeObserver = kept;
});
