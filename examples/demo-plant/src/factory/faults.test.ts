import { type ChildProcess, spawn } from "node:child_process";
import {
  appendFileSync,
  cpSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { HOUR } from "@doppelwerk/world";
import { FloorReader } from "./kit/floor-reader.ts";
import { makeSite, run, type MadeSite } from "./made-factory.fixture.ts";
import { programs } from "./programs.ts";
import { runFactory } from "./kit/run-factory.ts";

let site: MadeSite;
const started: ChildProcess[] = [];
beforeAll(() => {
  site = makeSite(2);
}, 120_000);
afterAll(() => {
  for (const child of started) child.kill("SIGKILL");
  rmSync(site.folder, { recursive: true, force: true });
});

/** Everything that the programs said, by file. */
function saidUnder(data: string): Readonly<Record<string, string>> {
  const files = globSync("*/*/*.ndjson", { cwd: data }).toSorted();
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(data, file), "utf8")]));
}

async function startProgram(
  name: string,
  words: readonly string[],
): Promise<{ readonly child: ChildProcess; readonly url: string; readonly present: Promise<void> }> {
  const main = fileURLToPath(new URL(`./${name}/main.ts`, import.meta.url));
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", main, "--json", ...words], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  started.push(child);
  const lines = createInterface({ input: child.stdout! });
  let whenPresent: () => void = () => {};
  const present = new Promise<void>((done) => (whenPresent = done));
  const url = await new Promise<string>((done, failed) => {
    lines.on("line", (line) => {
      const said = JSON.parse(line) as Readonly<Record<string, string | boolean>>;
      if (said["ready"] === true) whenPresent();
      done(String(said[name]));
    });
    child.once("exit", (code, signal) => failed(new Error(`${name} ended with ${code ?? signal}`)));
  });
  return { child, url, present };
}

function gone(child: ChildProcess): Promise<void> {
  return child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : new Promise((done) => child.once("exit", () => done()));
}

test("[DP59] a plant that is killed while it tells goes on with the same words: what was torn is told again, nothing is told twice, another life begins anew", () => {
  const whole = readFileSync(site.floor, "utf8").split("\n");
  const again = join(site.folder, "again.ndjson");
  const told = (text: readonly string[]) => text.filter((line) => !line.startsWith('["t"'));
  cpSync(site.floor, again);
  // in the middle of a line, some batches before the end
  truncateSync(again, Math.floor(statSync(again).size * 0.61));
  run({ recordFrom: site.recordFrom, end: site.end, floor: again, stepH: 1 });
  expect(told(readFileSync(again, "utf8").split("\n"))).toEqual(told(whole));
  // a clock that was set back three hours before the restart
  const before = readFileSync(again, "utf8");
  run({ recordFrom: site.recordFrom, end: site.end - 3 * HOUR, floor: again });
  expect(readFileSync(again, "utf8")).toBe(before);
  run({ recordFrom: site.recordFrom, end: site.recordFrom + HOUR, floor: again, seed: 4 });
  expect(readFileSync(again, "utf8").length).toBeLessThan(site.floor.length + statSync(site.floor).size / 4);
  const times = whole.flatMap((line) => (line === "" ? [] : [(JSON.parse(line) as [string, number])[1]]));
  expect(times.every((ms, index) => index === 0 || ms >= times[index - 1]!)).toBe(true);
});

test("[DP59] a reader takes only what is told to its end, and follows a file that is cut and written on", () => {
  const file = join(site.folder, "grows.ndjson");
  const reader = new FloorReader(file);
  const taken: number[] = [];
  const read = () => reader.read((record) => void taken.push(record[1]));
  expect(read()).toBe("none");
  writeFileSync(file, '["h",0,{"life":"a"}]\n["t",1]\n["f",2,"Line3","WM7-1"]\n["f",3,"Li');
  expect(read()).toBe("end");
  expect(taken).toEqual([0, 1]);
  truncateSync(file, readFileSync(file, "utf8").indexOf('["f",2'));
  read();
  // the clock jumps a week
  appendFileSync(file, '["f",2,"Line3","WM7-1"]\n["f",3,"Line3","WM7-2"]\n["t",604800000]\n');
  read();
  expect(taken).toEqual([0, 1, 2, 3, 604_800_000]);
  writeFileSync(file, '["h",0,{"life":"b"}]\n["t",1]\n');
  expect(read()).toBe("another");
});

test("[DP60] each program that is killed again and again while the plant works says in the end what one says that never was: no order, scan or curve is lost or doubled", async () => {
  const calm = join(site.folder, "calm");
  const factory = await runFactory(programs, { floor: site.floor, data: calm, log: () => {} });
  await factory.ready;
  await factory.close();
  const bytes = readFileSync(site.floor);
  for (const { name } of programs) {
    const plant = join(site.folder, `killed-${name}`);
    mkdirSync(plant);
    const floor = join(plant, "floor.ndjson");
    writeFileSync(floor, bytes.subarray(0, Math.floor(bytes.length * 0.4)));
    let at = Math.floor(bytes.length * 0.4);
    for (const share of [0.55, 0.8]) {
      const { child } = await startProgram(name, ["--plant", plant]);
      const to = Math.floor(bytes.length * share);
      for (let n = 1; n <= 4; n++) {
        const next = at + Math.floor(((to - at) * n) / 4);
        appendFileSync(floor, bytes.subarray(at, next));
        at = next;
        await sleep(30);
      }
      child.kill("SIGKILL");
      await gone(child);
    }
    // a line that the kill tore, as a full disk or a power loss leaves it
    for (const file of globSync("factory/*/*/*.ndjson", { cwd: plant }))
      if (statSync(join(plant, file)).size > 0) appendFileSync(join(plant, file), '{"seq":99');
    appendFileSync(floor, bytes.subarray(at));
    const { child, present } = await startProgram(name, ["--plant", plant]);
    await present;
    child.kill("SIGTERM");
    await gone(child);
    const expected = Object.entries(saidUnder(calm)).filter(([file]) => file.startsWith(`${name}/`));
    expect(expected.length, name).toBeGreaterThan(0);
    expect(saidUnder(join(plant, "factory")), name).toEqual(Object.fromEntries(expected));
    const drops = (data: string) => (globSync(`drop/${name}/**/*.csv`, { cwd: data }) as string[]).toSorted();
    expect(drops(join(plant, "factory")), name).toEqual(drops(calm));
  }
}, 240_000);

test("[DP60] what the ERP was told by others outlives kill -9, and the same telling after it counts once", async () => {
  const plant = join(site.folder, "told");
  mkdirSync(plant);
  cpSync(site.floor, join(plant, "floor.ndjson"));
  const first = await startProgram("erp", ["--plant", plant]);
  await first.present;
  const [order] = (await (await fetch(`${first.url}/orders?status=released`)).json()) as readonly {
    readonly order: string;
    readonly confirmed: { readonly good: number };
  }[];
  const body = JSON.stringify({ id: "gr:77", order: order!.order, quantity: 12 });
  expect((await fetch(`${first.url}/goods-receipts`, { method: "POST", body })).status).toBe(200);
  first.child.kill("SIGKILL");
  await gone(first.child);
  const again = await startProgram("erp", ["--plant", plant]);
  await again.present;
  expect(again.url).toBe(first.url);
  expect(await (await fetch(`${again.url}/goods-receipts`, { method: "POST", body })).json()).toMatchObject({
    isNew: false,
    order: { received: 12 },
  });
  again.child.kill("SIGTERM");
  await gone(again.child);
});

test("[DP61] the bench posts each curve of the last hour until it is accepted, also to a receiver that was away", async () => {
  const received: string[] = [];
  let isAway = true;
  const receiver = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += String(chunk)));
    request.on("end", () => {
      if (!isAway) received.push(body);
      response.writeHead(isAway ? 503 : 204).end();
    });
  });
  await new Promise<void>((done) => receiver.listen(0, "127.0.0.1", done));
  const { port } = receiver.address() as { readonly port: number };
  const bench = programs.filter(({ name }) => name === "test-bench");
  const data = join(site.folder, "curves");
  const said: string[] = [];
  const factory = await runFactory(bench, {
    floor: site.floor,
    data,
    curves: `http://127.0.0.1:${port}`,
    log: (text) => void said.push(text),
  });
  await factory.ready;
  while (said.length === 0) await sleep(50);
  expect(said[0]).toContain("503");
  isAway = false;
  const files = readdirSync(join(data, "drop", "test-bench", "curves"));
  expect(files.length).toBeGreaterThan(100);
  const names = () => new Set(received.map((body) => (JSON.parse(body) as { readonly curve: string }).curve));
  while (names().size < files.length) await sleep(50);
  expect([...names()].map((name) => `${name}.json`).toSorted()).toEqual(files.toSorted());
  await factory.close();
  receiver.close();
}, 60_000);

test("[DP62] the programs import nothing of Doppelwerk, and of the plant only its words, its store and what depends on nothing", () => {
  const folder = fileURLToPath(new URL(".", import.meta.url));
  const allowed =
    /^(?:node:|mqtt$|\.\/|\.\.\/(?:kit|erp|scanners|test-bench|roster|stores|energy|tools)\/)|floor\/floor-record\.ts$|truth\/(?:chance|unknown-effects)\.ts$|warehouse-table\.ts$|sticky-port\.ts$/;
  const files = globSync("**/*.ts", { cwd: folder }).filter((file) => !/\.(?:test|fixture)\.ts$/.test(file));
  expect(files.length).toBeGreaterThan(25);
  const imported = /^(?:import\b[^;"]*|\} )(?:from )?"([^"]+)";/gm;
  const guilty = files.flatMap((file) =>
    [...readFileSync(join(folder, file), "utf8").matchAll(imported)].flatMap(([, specifier]) =>
      allowed.test(specifier!) ? [] : [`${file}: ${specifier}`],
    ),
  );
  const said = files.filter((file) => readFileSync(join(folder, file), "utf8").includes("@doppelwerk/"));
  expect(said).toEqual([]);
  expect(guilty).toEqual([]);
});
