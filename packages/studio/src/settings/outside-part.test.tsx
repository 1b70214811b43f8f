import { screen, waitFor, within } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { checkpointText, createMerkleHash, keyText, signatureLine, signedNote, witnessPolicyText } from "@doppelwerk/trust/log";
import { testKey } from "../../../trust/src/log/ed25519.fixture.ts";
import { closePages, openPage } from "../app/page.fixture.tsx";
import { OutsidePart } from "./outside-part.tsx";

afterEach(closePages);

const hash = createMerkleHash();
const log = testKey("plant.example/log", 1);
const witnesses = [1, 2].map((n) => testKey(`witness.example/w${n}`, 10 + n, "cosignature"));
const leaves = ["one", "two"].map((text) => hash.leaf(new TextEncoder().encode(text)));
const roots = [leaves[0]!, hash.node(leaves[0]!, leaves[1]!)];
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
const textOf = (size: 1 | 2, root = roots[size - 1]!) => checkpointText({ origin: log.key.name, size, root });
const noteOf = (text: string) => signedNote(text, [signatureLine(text, log.key, log.sign, 0)]);
const cosigned = (text: string, count: number) =>
  noteOf(text) +
  witnesses
    .slice(0, count)
    .map(({ key, sign }) => `${signatureLine(text, key, sign, 1_796_000_000)}\n`)
    .join("");
const AT = 1_796_017_478_000_000;
const common = { failures: 0, everyMinutes: 10 };
const refusal = { code: "proof.witnessStatus", params: { status: 500 } };
const state = (note: string, more: object = {}) => ({
  head: noteOf(textOf(2)),
  witnesses: {
    ...common,
    size: 1,
    at: AT,
    note,
    consistency: [base64(leaves[1]!)],
    needed: 1,
    policy: witnessPolicyText(
      log.key,
      witnesses.map(({ key }) => ({ key })),
      1,
    ),
    of: witnesses.map(({ key }, n) => ({
      key: keyText(key),
      host: `w${n + 1}.example`,
      ...(n === 0 ? { size: 1, signedAt: AT } : { failure: refusal }),
    })),
  },
  anchoring: {
    ...common,
    size: 1,
    at: AT,
    note: noteOf(textOf(1)),
    host: "node.example",
    chain: "1337",
    contract: "0xc0ffee",
    transaction: "0xabc",
    time: AT,
    by: "0x1",
    isPending: true,
    confirmations: 12,
  },
  ...more,
});
const answers = (outside: object) => ({ "GET /transparency/outside": outside, "POST /transparency/outside": outside });
const part = <OutsidePart logKey={keyText(log.key)} />;

test("[U202] who else proves the log is shown with entries and time, each proven in the browser; a chain is stated by its node, and what fails says why", async () => {
  const { asked, accessibilityFindings } = await openPage(part, { answers: answers(state(cosigned(textOf(1), 1))) });
  const row = within(await screen.findByRole("row", { name: /Cosigned by 1 of 2 \(needed: 1\)/ }));
  expect(await row.findByText("proven")).toBeTruthy();
  expect(row.getByText("witness.example/w1")).toBeTruthy();
  const chain = within(screen.getByRole("row", { name: /Chain 1337 \(waits for 12 blocks\)/ }));
  expect([chain.getByText("stated by the node"), chain.getByText(/0xc0ffee 0xabc/)]).toHaveLength(2);
  expect(screen.getByText(/^w2\.example: it answers with status 500.* tried again each minute/)).toBeTruthy();
  expect(row.getByText(/ ago$/)).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Ask them now" }));
  await waitFor(() => expect(asked.at(-1)?.route).toBe("POST /transparency/outside"));
  expect(await accessibilityFindings()).toEqual([]);
});

test("[U202] a cosignature that is forged, of another log, of too few, or of a log that was written anew is not proven; without anybody it says so", async () => {
  const other = textOf(1, leaves[1]!);
  const forged = cosigned(textOf(1), 1).replace(
    /(— witness\S+ \S{30})(.)/,
    (_, before: string, bit: string) => before + (bit === "A" ? "B" : "A"),
  );
  for (const outside of [
    state(forged),
    state(cosigned(other, 1)),
    state(cosigned(textOf(1), 0)),
    state(cosigned(textOf(1), 1), { head: noteOf(checkpointText({ origin: log.key.name, size: 2, root: leaves[0]! })) }),
  ]) {
    await openPage(part, { answers: answers(outside), language: "zh" });
    expect(await screen.findByText("不属于此日志")).toBeTruthy();
    closePages();
  }
  const logs = [{ origin: "other.example/log", size: 7 }];
  await openPage(part, { answers: answers({ head: noteOf(textOf(2)), asWitness: { key: "k", logs } }) });
  expect(await screen.findByText(/Nobody else proves this log yet/)).toBeTruthy();
  expect(screen.getByText("other.example/log: 7 entries")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Ask them now" })).toBeNull();
});

test("[U202] whom the log is shown to is set up here: what the form does not show stays, and an empty address asks nobody", async () => {
  const settings = {
    witnesses: { needed: 1, of: [{ key: "k1", url: "https://w1.example/", authority: "PEM" }], everyMinutes: 3 },
    anchoring: { url: "https://node.example/", chain: 5, contract: "0xc0ffee", confirmations: 12, maxFeeGwei: 7, everyMinutes: 60 },
  };
  const known = { settings, hosts: ["node.example", "w1.example"] };
  const { asked, accessibilityFindings } = await openPage(part, {
    answers: {
      ...answers(state(cosigned(textOf(1), 1))),
      "GET /transparency/outside/settings": known,
      "PUT /transparency/outside/settings": known,
    },
  });
  await userEvent.click(await screen.findByRole("button", { name: "Set up" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Who proves this log" }));
  expect(dialog.getByText(/node\.example, w1\.example/)).toBeTruthy();
  await userEvent.type(dialog.getByRole("textbox", { name: "Witnesses" }), "\nk2 https://w2.example/");
  await userEvent.type(dialog.getByRole("textbox", { name: "Other nodes that must have the block" }), "https://other.example/");
  expect(await accessibilityFindings()).toEqual([]);
  await userEvent.click(dialog.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(asked.some(({ route }) => route === "PUT /transparency/outside/settings")).toBe(true));
  expect(asked.find(({ route }) => route === "PUT /transparency/outside/settings")!.body).toEqual({
    witnesses: { ...settings.witnesses, of: [...settings.witnesses.of, { key: "k2", url: "https://w2.example/" }] },
    anchoring: { ...settings.anchoring, independent: { needed: 1, of: [{ url: "https://other.example/" }] } },
  });
});

test("[U202] a log of somebody else is cosigned by its key, and forgotten after a question", async () => {
  const logs = [{ origin: "other.example/log", size: 7 }];
  const outside = { head: noteOf(textOf(2)), asWitness: { key: "k", logs } };
  const { asked } = await openPage(part, {
    answers: {
      ...answers(outside),
      "POST /transparency/witness/logs": outside,
      "POST /transparency/witness/forgotten": { head: noteOf(textOf(2)) },
    },
  });
  await userEvent.type(await screen.findByRole("textbox", { name: "Key of a log to cosign" }), "doppelwerk.log/1+2+3");
  await userEvent.click(screen.getByRole("button", { name: "Cosign" }));
  await waitFor(() =>
    expect(asked.at(-1)).toMatchObject({ route: "POST /transparency/witness/logs", body: { key: "doppelwerk.log/1+2+3" } }),
  );
  await userEvent.click(screen.getByRole("button", { name: "Cosign no more" }));
  await userEvent.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Cosign no more" }));
  await waitFor(() =>
    expect(asked.at(-1)).toMatchObject({ route: "POST /transparency/witness/forgotten", body: { origin: "other.example/log" } }),
  );
});
