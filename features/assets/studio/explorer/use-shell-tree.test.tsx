import { screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, expect, test } from "vitest";
import { closePages, openPage } from "../../../../packages/studio/src/app/page.fixture.tsx";
import { useShellTree } from "./use-shell-tree.ts";

globalThis.WebSocket = class {
  send() {}
  close() {}
} as never;

afterEach(closePages);

test("[U41] where the server does not answer, the list says so, and nothing else fails of a place that is linked to", async () => {
  const refused = { status: 503, body: { error: { code: "DW_UNAVAILABLE", message: "away" } } };
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  process.on("unhandledRejection", note);
  function Probe(): ReactNode {
    return <p>{useShellTree({ mode: "shells", shell: "urn:s" }, "shells").tree.state}</p>;
  }
  await openPage(<Probe />, { answers: new Proxy({}, { get: () => refused }) });
  await screen.findByText("failed");
  await new Promise((resolve) => setTimeout(resolve, 50));
  process.off("unhandledRejection", note);
  expect(unhandled).toEqual([]);
});
