import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { checkpointText, createMerkleHash, inclusionText, keyText, signatureLine, signedNote } from "@doppelwerk/trust/log";
import { testKey } from "../../../trust/src/log/ed25519.fixture.ts";
import { closePages, openPage } from "../app/page.fixture.tsx";
import TransparencyCard from "./transparency-card.tsx";

afterEach(closePages);

const hash = createMerkleHash();
const { key, sign } = testKey("plant.example/log", 1);
const entries = ['{"operation":"kernel.logIn","what":"request"}', '{"operation":"kernel.changeAccount","what":"request"}'].map((text) =>
  new TextEncoder().encode(text),
);
const leaves = entries.map((entry) => hash.leaf(entry));
const root = hash.node(leaves[0]!, leaves[1]!);
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
const text = checkpointText({ origin: key.name, size: 2, root });
const note = signedNote(text, [signatureLine(text, key, sign, 0)]);
const proof = (index: number) => () => new Response(inclusionText({ index, path: [leaves[1 - index]!], note }));
const mara = { id: "person:1", name: "Mara Lindqvist" };
const time = 1_796_017_478_231_042;
const shown = [
  { index: 1, time, what: "request", operation: "kernel.changeAccount", who: mara, whom: { id: "person:2", name: "Otto" }, erased: false },
  { index: 0, time, what: "request", operation: "kernel.logIn", erased: true },
].map((entry) => ({ ...entry, bytes: base64(entries[entry.index]!) }));
const answers = {
  "GET /transparency": { origin: key.name, key: keyText(key), size: 2, signed: 2, root: base64(root) },
  "GET /transparency/entries": { size: 2, entries: shown },
};

test("[U175] an administrator sees who did what and when, each entry proven in the browser, with key, size and root of the log", async () => {
  const { asked, accessibilityFindings } = await openPage(<TransparencyCard />, {
    answers: { ...answers, "GET /transparency/entries/0/proof": proof(0), "GET /transparency/entries/1/proof": proof(1) },
  });
  const changed = within(await screen.findByRole("row", { name: /Account changed/ }));
  expect(changed.getByText("Account changed (Otto)")).toBeTruthy();
  expect(changed.getByText("Mara Lindqvist")).toBeTruthy();
  expect(await changed.findByText("proven")).toBeTruthy();
  const erased = within(screen.getByRole("row", { name: /Log-in/ }));
  expect(erased.getByText("erased")).toBeTruthy();
  expect(await erased.findByText("proven")).toBeTruthy();
  expect(screen.getByText(keyText(key))).toBeTruthy();
  expect(screen.getByText(base64(root))).toBeTruthy();
  expect(screen.getByText("2 entries")).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Evidence of these entries" }));
  await waitFor(() => expect(asked.at(-1)?.route).toBe("GET /transparency/evidence"));
  expect(await accessibilityFindings()).toEqual([]);
});

test("[U175] an entry, a proof or a signature that is another is not proven; without a log, or without the right to it, there is no card", async () => {
  const forged = note.replace(
    / (\S+)\n$/,
    (_, signature: string) => ` ${signature.slice(0, 12)}${signature[12] === "A" ? "B" : "A"}${signature.slice(13)}\n`,
  );
  await openPage(<TransparencyCard />, {
    answers: {
      ...answers,
      "GET /transparency/entries/0/proof": () => new Response(inclusionText({ index: 0, path: [leaves[0]!], note })),
      "GET /transparency/entries/1/proof": () => new Response(inclusionText({ index: 1, path: [leaves[0]!], note: forged })),
    },
    language: "zh",
  });
  await waitFor(() => expect(screen.getAllByText("不在日志中")).toHaveLength(2));
  closePages();
  for (const [status, code] of [
    [404, "DW_NOT_FOUND"],
    [403, "DW_FORBIDDEN"],
  ] as const) {
    const refused = { status, body: { error: { code, message: "no", reason: { code: "messages.verbatim", params: { text: "no" } } } } };
    await openPage(<TransparencyCard />, { answers: { "GET /transparency": refused, "GET /transparency/entries": refused } });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(document.body.textContent).not.toMatch(/Transparency|存证/);
    closePages();
  }
});
