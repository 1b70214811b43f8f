import { screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../app/page.fixture.tsx";
import ProtectionCard from "./protection-card.tsx";

afterEach(closePages);

const lastBackup = {
  instant: "2026-11-30T08:00:00.000Z",
  finished: "2026-11-30T08:00:20.000Z",
  to: "/mnt/backups/line-3",
  bytes: 12_400_000,
  sentBytes: 300_000,
};

test("[U187] an administrator sees the last backup, its size and where it went to, and that secrets are sealed", async () => {
  const { accessibilityFindings } = await openPage(<ProtectionCard />, { answers: { "GET /protection": { sealed: true, lastBackup } } });
  expect(await screen.findByText(/, 12\sMB/)).toBeTruthy();
  expect(screen.getByText("/mnt/backups/line-3")).toBeTruthy();
  expect(screen.getByText("sealed with a key outside of it")).toBeTruthy();
  expect(screen.getByRole("link", { name: "Back up, restore, seal" }).getAttribute("href")).toBe("/guide/backup");
  expect(await accessibilityFindings()).toEqual([]);
});

test("[U187] a server without a backup or a seal says so; who does not administer it sees no card", async () => {
  await openPage(<ProtectionCard />, { answers: { "GET /protection": { sealed: false } } });
  expect(await screen.findByText("none was made")).toBeTruthy();
  expect(screen.getByText(/not sealed/)).toBeTruthy();
  await closePages();
  const refused = () => Response.json({ error: { code: "DW_FORBIDDEN", message: "no" } }, { status: 403 });
  const { asked } = await openPage(<ProtectionCard />, { answers: { "GET /protection": refused } });
  await expect.poll(() => asked.some(({ route }) => route === "GET /protection")).toBe(true);
  expect(screen.queryByText("Backup and secrets")).toBeNull();
});
