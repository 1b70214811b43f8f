import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LIVE, type ConnectionRecord } from "@doppelwerk/world";
import { afterAll, expect, test } from "vitest";
import { openProduct, plantsOf } from "../../../../apps/doppelwerk/src/site-of-product.fixture.ts";
import { SYSTEM } from "../compose/open-hosted-world.ts";
import { createSiteApp } from "../compose/register-routes.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-metrics-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Family {
  readonly type: string;
  readonly samples: Map<string, number>;
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*/;
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(,|(?=\}))/;
const NUMBER = /^(?:NaN|[+-]?Inf|[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)$/i;
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  counter: [""],
  gauge: [""],
  histogram: ["_bucket", "_sum", "_count"],
  summary: ["", "_sum", "_count"],
};

/** The text format 0.0.4 as strictly as it is written down: throws at the first line that is not of it. */
function parseExposition(text: string): Map<string, Family> {
  const families = new Map<string, Family>();
  const helped = new Set<string>();
  let current: string | undefined;
  if (!text.endsWith("\n")) throw new Error("the last line has no end");
  for (const line of text.slice(0, -1).split("\n")) {
    const refuse = (why: string): never => {
      throw new Error(`${why}: ${line}`);
    };
    if (line === "") continue;
    const help = /^# HELP (\S+) ((?:[^\\]|\\[\\n])*)$/.exec(line);
    const type = /^# TYPE (\S+) (counter|gauge|histogram|summary|untyped)$/.exec(line);
    if (help !== null) {
      if (helped.has(help[1]!)) refuse("told twice");
      helped.add(help[1]!);
    } else if (type !== null) {
      const [, name, kind] = type;
      if (NAME.exec(name!)?.[0] !== name) refuse("no name");
      if (families.has(name!)) refuse("typed twice, or after its samples");
      // of the names that are ours; those of the runtime are its library's
      if (name!.startsWith("doppelwerk_") && (kind === "counter") !== name!.endsWith("_total"))
        refuse("a counter ends with _total, and nothing else does");
      families.set(name!, { type: kind!, samples: new Map() });
      current = name;
    } else if (line.startsWith("#")) refuse("a comment that is neither HELP nor TYPE");
    else {
      const name = NAME.exec(line)?.[0] ?? refuse("no name");
      const family = current === undefined ? undefined : families.get(current);
      if (family === undefined || !SUFFIXES[family.type]!.some((suffix) => name === `${current}${suffix}`)) refuse("not with its family");
      let rest = line.slice(name.length);
      let labels = "";
      if (rest.startsWith("{")) {
        rest = rest.slice(1);
        const seen = new Set<string>();
        while (!rest.startsWith("}")) {
          const label = LABEL.exec(rest) ?? refuse("no label");
          if (seen.has(label[1]!)) refuse("a label twice");
          seen.add(label[1]!);
          labels += label[0];
          rest = rest.slice(label[0].length);
        }
        rest = rest.slice(1);
      }
      const [, value, time] = /^ (\S+)(?: (-?\d+))?$/.exec(rest) ?? refuse("no value");
      if (!NUMBER.test(value!) || time !== undefined) refuse("no number");
      const key = `${name}{${labels}}`;
      if (family!.samples.has(key)) refuse("a sample twice");
      if (family!.type === "counter" && !(Number(value) >= 0)) refuse("a count below nothing");
      family!.samples.set(key, Number(value));
    }
  }
  return families;
}

test("[SV96] what a monitoring system reads keeps to its text format, whatever connections are called, and what counts up is a counter", async () => {
  expect(() => parseExposition('# TYPE a gauge\na{b="x\ny"} 1\n')).toThrow("no label");
  expect(() => parseExposition("# TYPE doppelwerk_a_total gauge\ndoppelwerk_a_total 1\n")).toThrow("counter");
  expect(() => parseExposition("# TYPE a gauge\na 1\na 2\n")).toThrow("twice");
  const site = await openProduct(folder);
  const app = await createSiteApp(site);
  try {
    const base = await app.listen({ port: 0, host: "127.0.0.1" });
    const names = ['Presse "7"', "a\\b", "line one\nline two", '温度 {x="y"} 1', "# TYPE x counter"];
    const connections = names.map((name, n): ConnectionRecord => ({
      id: `connection:${n}`,
      kind: "connection",
      name,
      protocol: "push",
      url: `push:c${n}`,
      enabled: false,
    }));
    await site.view(SYSTEM).apply({ branch: LIVE, reason: "test", changes: connections.map((record) => ({ op: "create", record })) });
    await expect.poll(async () => (await plantsOf(site).list()).length).toBe(names.length);
    const answer = await fetch(`${base}/metrics`);
    expect(answer.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    const families = parseExposition(await answer.text());
    const read = (family: string): readonly string[] =>
      [...families.get(family)!.samples.keys()].map((key) =>
        /connection="((?:[^"\\]|\\.)*)"/.exec(key)![1]!.replaceAll(/\\([\\"n])/g, (_, what: string) => (what === "n" ? "\n" : what)),
      );
    for (const family of ["up", "dropped_total", "samples_per_second", "signals"])
      expect(read(`doppelwerk_connection_${family}`).toSorted()).toEqual(names.toSorted());
    expect(families.get("doppelwerk_samples_ingested_total")).toMatchObject({ type: "counter" });
    expect(families.get("doppelwerk_connection_dropped_total")).toMatchObject({ type: "counter" });
    expect(families.get("doppelwerk_signals")).toMatchObject({ type: "gauge" });
    // asked again it says the same, not twice as much
    expect([...parseExposition(await (await fetch(`${base}/metrics`)).text()).keys()]).toEqual([...families.keys()]);
  } finally {
    await app.close();
    await site.close();
  }
});
