import { Button } from "@mantine/core";
import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../../../studio/src/app/page.fixture.tsx";
import { Hint } from "./hint.tsx";

afterEach(closePages);

test("[U158] the hint of a button has its keys apart from its words, and goes with the click until the pointer comes again", async () => {
  const user = userEvent.setup();
  let clicked = 0;
  await openPage(
    <Hint label="Board" keys="G B" about={<small>What runs now</small>}>
      <Button onClick={() => clicked++}>Open</Button>
    </Hint>,
    { answers: {} },
  );
  const button = screen.getByRole("button", { name: "Open" });
  await user.hover(button);
  const hint = await screen.findByRole("tooltip");
  expect([...hint.querySelectorAll("kbd")].map(({ textContent }) => textContent)).toEqual(["G", "B"]);
  expect(hint.textContent).toContain("Board ");
  await user.click(button);
  expect(clicked).toBe(1);
  await waitFor(() => expect(screen.queryByRole("tooltip")).toBeNull());
  await user.unhover(button);
  await user.hover(button);
  await screen.findByRole("tooltip");
  button.focus();
  button.blur();
  await waitFor(() => expect(screen.queryByRole("tooltip")).toBeNull());
});
