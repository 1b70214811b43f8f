import type { LineSource } from "@doppelwerk/ports";
import { LIVE } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { aWorld, note } from "../../../packages/world/src/world/a-world.fixture.ts";
import { rememberedSources } from "./remembered-sources.ts";

/** What it reads from documents are the texts of notes, as findings. */
function countingSource(): LineSource & { reads: number } {
  return {
    id: "counting",
    reads: 0,
    read(reader) {
      this.reads++;
      return { lines: [], findings: reader.query({ kind: "note" }).map(({ text }) => ({ en: String(text), zh: String(text) })) };
    },
  };
}

test("[LN55] documents are read once until something is committed, for each class of readers and each branch", async () => {
  const { as, create, fork } = await aWorld();
  await create(LIVE, note("open", { text: "open" }), note("secret", { text: "secret", readers: ["engineer"] }));
  const branch = await fork();
  const counted = countingSource();
  const source = rememberedSources()(counted);
  const textsFor = (name: string, role: string, on = LIVE) =>
    source
      .read(as(name, role).reader(on))
      .findings.map(({ en }) => en)
      .toSorted();
  expect(textsFor("otto", "operator")).toEqual(["open"]);
  expect(textsFor("olga", "operator")).toEqual(["open"]);
  expect(textsFor("eve", "engineer")).toEqual(["open", "secret"]);
  expect(textsFor("otto", "operator")).toEqual(["open"]);
  expect(counted.reads).toBe(2);
  await create(branch, note("planned", { text: "planned" }));
  expect(textsFor("otto", "operator", branch)).toEqual(["open", "planned"]);
  expect(textsFor("otto", "operator")).toEqual(["open"]);
  await create(LIVE, note("late", { text: "late" }));
  expect(textsFor("otto", "operator")).toEqual(["late", "open"]);
  expect(counted.reads).toBe(5);
});

test("[LN55] a reader without an edition is read each time, and so is one that a commit overtook; what is kept is bounded", async () => {
  const { as, create } = await aWorld();
  await create(LIVE, note("open", { text: "open" }));
  const counted = countingSource();
  const source = rememberedSources()(counted);
  const { edition: _none, ...nameless } = as("otto", "operator").reader(LIVE);
  source.read(nameless);
  source.read(nameless);
  const old = as("otto", "operator").reader(LIVE);
  source.read(old);
  await create(LIVE, note("late", { text: "late" }));
  source.read(old);
  expect(counted.reads).toBe(4);
  const first = as("otto", "operator").reader(LIVE, { revision: 1 });
  source.read(first);
  for (let revision = 2; revision < 20; revision++) source.read(as("otto", "operator").reader(LIVE, { time: revision }));
  source.read(first);
  expect(counted.reads).toBe(4 + 1 + 18 + 1);
});

test("[LN55] nothing is shared between worlds", async () => {
  const counted = countingSource();
  for (const text of ["one", "another"]) {
    const { as, create } = await aWorld();
    await create(LIVE, note("open", { text }));
    expect(rememberedSources()(counted).read(as("otto", "operator").reader(LIVE)).findings).toEqual([{ en: text, zh: text }]);
  }
});
